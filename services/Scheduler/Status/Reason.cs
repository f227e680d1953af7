namespace LeadSync.Scheduler.Status;

/// <summary>How urgently an operator has to act.</summary>
internal enum Tone
{
    /// <summary>There is nothing to do.</summary>
    Good,

    /// <summary>There is nothing to do yet: LeadSync repairs it.</summary>
    Busy,

    /// <summary>An operator has to act.</summary>
    Bad,
}

/// <summary>The kinds of trouble. Their names, in snake case, are the values of the metric label <c>reason</c>.</summary>
internal enum ReasonKind
{
    /// <summary>The scheduler cannot read its database, so nothing else is known.</summary>
    CannotSee,

    /// <summary>The scheduler can read its database but not write it: its disk is full, it is a copy, or a right is missing.</summary>
    CannotWrite,
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

/// <param name="IsOutOfSync">Whether the view may differ from Zoho because of this reason.</param>
/// <param name="Text">One or two plain sentences for a person who was just woken up.</param>
/// <param name="Subject">The service that the reason is about, where several services can give the same reason; null elsewhere.</param>
internal sealed record Reason(ReasonKind Kind, Tone Tone, bool IsOutOfSync, string Text, string? Subject = null)
{
    /// <summary>The address of the runbook, relative to the scheduler's address.</summary>
    public string Help => $"/runbooks#{Runbook(Kind).ToLowerInvariant()}";

    /// <summary>The heading in docs/runbooks.md, which is the name of the Prometheus alert as well.</summary>
    public static string Runbook(ReasonKind kind) => kind switch
    {
        ReasonKind.CannotSee => "LeadSyncCannotSee",
        ReasonKind.CannotWrite => "LeadSyncCannotWrite",
        ReasonKind.NoLeader => "LeadSyncNoLeader",
        ReasonKind.LeaderHangs => "LeadSyncLeaderHangs",
        ReasonKind.ServiceDown => "LeadSyncServiceDown",
        ReasonKind.NotReceiving => "LeadSyncNotReceiving",
        ReasonKind.BrokerDown => "LeadSyncBrokerDown",
        ReasonKind.Paused => "LeadSyncPaused",
        ReasonKind.ChannelRefused or ReasonKind.ChannelClosed => "LeadSyncChannelClosed",
        ReasonKind.ChannelExpires => "LeadSyncChannelExpiring",
        ReasonKind.FirstRead or ReasonKind.CatchUpAfterFirstRead => "LeadSyncFirstReadLong",
        ReasonKind.CatchUpFails => "LeadSyncCatchUpFails",
        ReasonKind.GapOpen or ReasonKind.ReadInBulk => "LeadSyncGapOpen",
        ReasonKind.ExportFails => "LeadSyncExportFails",
        ReasonKind.ComparisonHeldBack => "LeadSyncComparisonHeldBack",
        ReasonKind.ChannelSilent => "LeadSyncChannelSilent",
        ReasonKind.ZohoUnheard => "LeadSyncZohoUnheard",
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
