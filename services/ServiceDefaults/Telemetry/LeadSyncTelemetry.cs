using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LeadSync.ServiceDefaults.Telemetry;

/// <summary>LeadSync's own spans and metrics. Neither ever carries a lead's fields, a token or an address with a query.</summary>
public static class LeadSyncTelemetry
{
    public const string Name = "LeadSync";

    public static ActivitySource Source { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);

    /// <summary>Begins a span for one of many leads that are handled together. The span is in the lead's own trace, and links to the
    /// caller's span.</summary>
    /// <param name="traceParent">W3C's <c>traceparent</c> of the lead. When it is null or malformed, the span is part of the caller's
    /// trace.</param>
    public static Activity? StartInTraceOf(string? traceParent, string name)
    {
        var all = Activity.Current;
        ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var parent);
        var span = Source.StartActivity(name, ActivityKind.Internal, parent, links: all is null ? null : [new ActivityLink(all.Context)]);
        Activity.Current = all;
        return span;
    }
}
