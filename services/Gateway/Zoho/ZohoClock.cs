namespace LeadSync.Gateway.Zoho;

/// <summary>
/// Zoho's clock as far as we know it: ours, moved by what the <c>Date</c> headers of its answers show. Within a few seconds the two are the
/// same.
/// </summary>
internal sealed class ZohoClock(TimeProvider time)
{
    /// <summary>The header has whole seconds and a call takes a while: a smaller difference says nothing.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);

    private long offsetTicks;
    private volatile bool isMeasured;

    public DateTimeOffset Now => time.GetUtcNow() + Offset;

    /// <summary>How far Zoho's clock is ahead of ours.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref offsetTicks));

    /// <summary>Whether any answer has shown Zoho's clock yet; before that <see cref="Now"/> is our own, however wrong it is.</summary>
    public bool IsMeasured => isMeasured;

    /// <summary>Now, for what must not rest on our own clock: Zoho is asked once if no answer has shown its clock yet.</summary>
    /// <exception cref="ZohoException">Nobody knows.</exception>
    public async Task<DateTimeOffset> Ask(IWatchApi watch, CancellationToken ct)
    {
        // A call that is made whatever the budget says.
        if (!isMeasured)
            await watch.ListChannels(ct);
        return Now;
    }

    /// <param name="sent">When the request was sent, in our clock.</param>
    /// <param name="took">How long it took until the answer began.</param>
    /// <param name="date">The answer's <c>Date</c>.</param>
    public void Observe(DateTimeOffset sent, TimeSpan took, DateTimeOffset date)
    {
        Interlocked.Exchange(ref offsetTicks, Next(Offset, Measure(sent, took, date), took).Ticks);
        isMeasured = true;
    }

    /// <summary>Holds on to an offset until a measurement is further from it than chance can make it: whether Zoho writes its time when a call
    /// comes in or when it is answered is not known, so that one that took long says little.</summary>
    public static TimeSpan Next(TimeSpan offset, TimeSpan measured, TimeSpan took) =>
        (measured - offset).Duration() < Tolerance + (took / 2) ? offset : measured;

    /// <summary>The middle of the header's second against the middle of the call.</summary>
    public static TimeSpan Measure(DateTimeOffset sent, TimeSpan took, DateTimeOffset date) =>
        date + TimeSpan.FromSeconds(0.5) - (sent + (took / 2));
}
