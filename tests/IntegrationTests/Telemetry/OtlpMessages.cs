using ProtoBuf;

// The part of OTLP's trace messages that the tests read (opentelemetry-proto: trace/v1/trace.proto, common/v1/common.proto).
namespace LeadSync.IntegrationTests.Telemetry;

[ProtoContract]
internal sealed class ExportTraceServiceRequest
{
    [ProtoMember(1)]
    public List<OtlpResourceSpans> ResourceSpans { get; } = [];
}

[ProtoContract]
internal sealed class OtlpResourceSpans
{
    [ProtoMember(1, IsRequired = true)]
    public OtlpResource Resource { get; set; } = new();

    [ProtoMember(2)]
    public List<OtlpScopeSpans> ScopeSpans { get; } = [];
}

[ProtoContract]
internal sealed class OtlpResource
{
    [ProtoMember(1)]
    public List<OtlpAttribute> Attributes { get; } = [];
}

[ProtoContract]
internal sealed class OtlpScopeSpans
{
    [ProtoMember(2)]
    public List<OtlpSpan> Spans { get; } = [];
}

[ProtoContract]
internal sealed class OtlpSpan
{
    [ProtoMember(1)]
    public byte[] TraceId { get; set; } = [];

    [ProtoMember(2)]
    public byte[] SpanId { get; set; } = [];

    [ProtoMember(4)]
    public byte[]? ParentSpanId { get; set; }

    [ProtoMember(5)]
    public string Name { get; set; } = "";

    [ProtoMember(9)]
    public List<OtlpAttribute> Attributes { get; } = [];

    [ProtoMember(13)]
    public List<OtlpLink> Links { get; } = [];
}

[ProtoContract]
internal sealed class OtlpLink
{
    [ProtoMember(1)]
    public byte[] TraceId { get; set; } = [];
}

[ProtoContract]
internal sealed class OtlpAttribute
{
    [ProtoMember(1)]
    public string Key { get; set; } = "";

    [ProtoMember(2, IsRequired = true)]
    public OtlpValue Value { get; set; } = new();
}

[ProtoContract]
internal sealed class OtlpValue
{
    [ProtoMember(1)]
    public string? Text { get; set; }

    [ProtoMember(2)]
    public bool? Flag { get; set; }

    [ProtoMember(3)]
    public long? Number { get; set; }

    [ProtoMember(4)]
    public double? Fraction { get; set; }

    public override string ToString() => Text ?? $"{Flag}{Number}{Fraction}";
}
