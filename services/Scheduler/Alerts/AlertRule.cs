using LeadSync.Scheduler.Status;

namespace LeadSync.Scheduler.Alerts;

internal enum Severity
{
    Warning,
    Critical,
}

/// <summary>When people are told about a reason why the sync is not well.</summary>
/// <param name="Patience">How long the reason has to last first.</param>
internal sealed record AlertRule(Severity Severity, TimeSpan Patience)
{
    /// <returns>Null for a reason without an alert.</returns>
    public static AlertRule? For(ReasonKind kind) => kind switch
    {
        ReasonKind.ComparisonHeldBack or ReasonKind.ChannelSilent or ReasonKind.Behind
            or ReasonKind.ChannelExpires => Critical(0),
        ReasonKind.CannotSee or ReasonKind.CannotWrite or ReasonKind.LeaderHangs => Critical(0.5),
        ReasonKind.NoLeader or ReasonKind.ServiceDown or ReasonKind.NotReceiving or ReasonKind.BrokerDown => Critical(1),
        ReasonKind.ChannelRefused or ReasonKind.ChannelClosed or ReasonKind.ZohoUnheard or ReasonKind.ChangesWait => Critical(5),
        ReasonKind.CatchUpFails => Critical(10),
        ReasonKind.RebuildFailed or ReasonKind.CertificateEnds => Warning(0),
        ReasonKind.CreditsUsedUp => Warning(5),
        ReasonKind.Parked => Warning(10),
        ReasonKind.GapOpen or ReasonKind.ExportFails => Warning(30),
        ReasonKind.CatchUpAfterFirstRead or ReasonKind.ReadInBulk or ReasonKind.RereadsWait => Warning(120),
        ReasonKind.Paused => Warning(240),
        ReasonKind.FirstRead => Warning(Verdict.FirstReadPatience.TotalMinutes),
        ReasonKind.CreditsShort => Warning(24 * 60),
        _ => null,
    };

    private static AlertRule Critical(double minutes) => new(Severity.Critical, TimeSpan.FromMinutes(minutes));

    private static AlertRule Warning(double minutes) => new(Severity.Warning, TimeSpan.FromMinutes(minutes));
}
