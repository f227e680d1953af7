using LeadSync.Gateway.Zoho.Apis;

namespace LeadSync.Gateway.Zoho.Calls;

/// <summary>
/// Zoho's clock as far as the gateway knows it: this machine's clock, corrected by the <c>Date</c> headers of Zoho's answers. Differences
/// of a few seconds are ignored.
/// </summary>
internal sealed class ZohoClock(TimeProvider clock)
{
    /// <summary>The header has whole seconds, and a call takes a while: a smaller difference means nothing.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);

    // A proxy's page does not show Zoho's clock, however often the gateway asks.
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMinutes(1);

    private long offsetTicks;
    private long askedAt;
    private volatile bool isMeasured;

    public DateTimeOffset Now => clock.GetUtcNow() + Offset;

    /// <summary>How far Zoho's clock is ahead of this machine's.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref offsetTicks));

    /// <summary>Whether Zoho has answered yet. Before that, <see cref="Now"/> is this machine's clock.</summary>
    public bool IsMeasured => isMeasured;

    /// <summary>Zoho's time now, for decisions that must not rest on this machine's clock: asks Zoho, at most once a minute, if Zoho
    /// has not answered yet.</summary>
    /// <exception cref="ZohoException">Zoho did not answer.</exception>
    public async Task<DateTimeOffset> Ask(IWatchApi watch, CancellationToken ct)
    {
        var asked = Interlocked.Read(ref askedAt);
        if (isMeasured || (asked > 0 && clock.GetElapsedTime(asked) < BetweenQuestions))
            return Now;

        // This call is made even when the budget is used up.
        await watch.ListChannels(ct);
        Interlocked.Exchange(ref askedAt, clock.GetTimestamp());
        return Now;
    }

    /// <param name="sent">When the request was sent, by this machine's clock.</param>
    /// <param name="took">The time until the answer began.</param>
    /// <param name="date">The answer's <c>Date</c>. Where Zoho shows none, this machine's clock has to do.</param>
    public void Observe(DateTimeOffset sent, TimeSpan took, DateTimeOffset? date)
    {
        if (date is { } shown)
            Interlocked.Exchange(ref offsetTicks, Next(Offset, Measure(sent, took, shown), took).Ticks);
        isMeasured = true;
    }

    /// <summary>Keeps an offset until a measurement differs by more than chance allows. Zoho may write its time when the call arrives or
    /// when it answers, so a slow call says little.</summary>
    public static TimeSpan Next(TimeSpan offset, TimeSpan measured, TimeSpan took) =>
        (measured - offset).Duration() < Tolerance + (took / 2) ? offset : measured;

    /// <summary>How far Zoho's clock is ahead: the middle of the header's second less the middle of the call.</summary>
    public static TimeSpan Measure(DateTimeOffset sent, TimeSpan took, DateTimeOffset date) =>
        date + TimeSpan.FromSeconds(0.5) - (sent + (took / 2));
}
