using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>A span of Zoho's time in which changes may have been missed.</summary>
/// <param name="Cause">One plain sentence for the person on call. Nothing depends on its words, except for gaps from before there were
/// kinds.</param>
/// <param name="To">Null while it lasts.</param>
internal sealed record Gap(
    string Cause, DateTimeOffset From, DateTimeOffset? To, DateTimeOffset DetectedAt, DateTimeOffset? ClosedAt = null)
{
    public GapKind Kind { get; init; }

    // Failures come in bursts. Gaps that are this close to each other are one gap.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    public Guid Id => Kind == GapKind.Other ? IdByWords : DerivedId.From($"{Kind}", 0, From);

    // Closings that earlier versions recorded name gaps by their words.
    private Guid IdByWords => DerivedId.From(Cause, 0, From);

    public bool IsOpen => ClosedAt is null;

    public bool IsCalled(Guid id) => id == Id || id == IdByWords;

    /// <summary>Whether both have the same cause.</summary>
    public bool IsLike(Gap other) => Kind == other.Kind && (Kind != GapKind.Other || Cause == other.Cause);

    public bool IsCoveredBy(DateTimeOffset? through) => To <= through;

    public bool Contains(Gap other) => From <= other.From && (To is null || other.To <= To);

    /// <summary>Whether nobody could receive the notification of a lead that was modified then. The notification leaves Zoho a little
    /// later than the modification.</summary>
    public bool Explains(DateTimeOffset modification) =>
        Kind is GapKind.NoGateway or GapKind.GatewayCrashed or GapKind.Refused or GapKind.ChannelLost or GapKind.ChannelExpired
        && modification >= From - Slack && !(modification > To);

    public bool Touches(Gap other) => !(other.From > To + Slack) && !(From > other.To + Slack);

    public Gap With(Gap other) => this with
    {
        From = From < other.From ? From : other.From,
        To = To is null || other.To is null ? null : Moments.Later(To, other.To),
        DetectedAt = DetectedAt < other.DetectedAt ? DetectedAt : other.DetectedAt,
    };
}
