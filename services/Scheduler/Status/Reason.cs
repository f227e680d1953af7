namespace LeadSync.Scheduler.Status;

/// <summary>How much somebody has to do.</summary>
internal enum Tone
{
    /// <summary>Nothing.</summary>
    Good,

    /// <summary>Nothing yet: it repairs itself.</summary>
    Busy,

    /// <summary>Something.</summary>
    Bad,
}

/// <summary>Something that keeps the sync from being well.</summary>
internal enum ReasonKind
{
    /// <summary>The scheduler cannot look: nothing else is known.</summary>
    CannotSee,
    NoLeader,
    LeaderHangs,
    ServiceDown,

    /// <summary>Gateways run, and none has recorded lately that it can receive notifications.</summary>
    NotReceiving,
    BrokerDown,
    Paused,
    ChannelRefused,
    ChannelClosed,
    FirstRead,
    CatchUpAfterFirstRead,
    CatchUpFails,
    GapOpen,
    ReadInBulk,
    ExportFails,
    ComparisonHeldBack,
    ChannelSilent,

    /// <summary>Zoho has not answered for a while, so nobody knows whether the channel is as it was opened.</summary>
    ZohoUnheard,
    ChangesWait,
    RereadsWait,
    Behind,
    Parked,
    ChannelExpires,
    CreditsUsedUp,
    CreditsShort,
    RebuildFailed,
    CertificateEnds,
    AlertNotSent,
}

/// <param name="IsOutOfSync">Because of it the view may not show what Zoho holds.</param>
/// <param name="Text">One or two plain sentences for a person who was just woken up.</param>
internal sealed record Reason(ReasonKind Kind, Tone Tone, bool IsOutOfSync, string Text)
{
    /// <summary>Where its runbook is, below the scheduler's address.</summary>
    public string Help => $"/runbooks#{Runbook(Kind).ToLowerInvariant()}";

    /// <summary>The heading in docs/runbooks.md, which is the name of the Prometheus alert as well.</summary>
    public static string Runbook(ReasonKind kind) => kind switch
    {
        ReasonKind.CannotSee => "LeadSyncCannotSee",
        ReasonKind.NoLeader => "LeadSyncNoLeader",
        ReasonKind.LeaderHangs => "LeadSyncLeaderHangs",
        ReasonKind.ServiceDown or ReasonKind.NotReceiving => "LeadSyncServiceDown",
        ReasonKind.BrokerDown => "LeadSyncBrokerDown",
        ReasonKind.Paused => "LeadSyncPaused",
        ReasonKind.ChannelRefused or ReasonKind.ChannelClosed or ReasonKind.ChannelExpires => "LeadSyncChannelExpiring",
        ReasonKind.FirstRead or ReasonKind.CatchUpAfterFirstRead => "LeadSyncFirstReadLong",
        ReasonKind.CatchUpFails => "LeadSyncCatchUpFails",
        ReasonKind.GapOpen or ReasonKind.ReadInBulk => "LeadSyncGapOpen",
        ReasonKind.ExportFails => "LeadSyncExportFails",
        ReasonKind.ComparisonHeldBack => "LeadSyncComparisonHeldBack",
        ReasonKind.ChannelSilent => "LeadSyncChannelSilent",
        ReasonKind.ZohoUnheard => "LeadSyncZohoFailing",
        ReasonKind.ChangesWait or ReasonKind.RereadsWait => "LeadSyncChangesWait",
        ReasonKind.Behind => "LeadSyncBehind",
        ReasonKind.Parked => "LeadSyncParked",
        ReasonKind.CreditsUsedUp or ReasonKind.CreditsShort => "LeadSyncCreditsUsedUp",
        ReasonKind.RebuildFailed => "LeadSyncRebuildFailed",
        ReasonKind.CertificateEnds => "LeadSyncCertificateEnds",
        _ => "LeadSyncAlertNotSent",
    };
}

/// <summary>How the sync is doing, in one sentence for a person who was just woken up.</summary>
internal sealed record StatusSentence(Tone Tone, string Text);
