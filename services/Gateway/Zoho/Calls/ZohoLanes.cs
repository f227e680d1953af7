using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace LeadSync.Gateway.Zoho.Calls;

/// <summary>How often and for how long the gateway asks Zoho, by <see cref="Lane"/>.</summary>
/// <remarks>The policies look at what an answer means rather than at its status: Zoho reports throttling and faults under 200 and 400 as
/// well. A call that waits for its repetition takes no place.</remarks>
internal sealed class ZohoLanes(CallPlaces places, TimeProvider clock)
{
    // A call that Zoho tells to wait longer fails, and its caller decides.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(15);

    // While Zoho does not answer, a lane asks again after five seconds, and in the end once a minute.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly LanePipeline live = new(clock, perCall: TimeSpan.FromSeconds(25), perAttempt: TimeSpan.FromSeconds(10));

    // Apart from the live lane: Zoho may answer calls about the channel while it answers none about leads.
    private readonly LanePipeline channel = new(clock, perCall: TimeSpan.FromSeconds(25), perAttempt: TimeSpan.FromSeconds(10));

    // Zoho does not say how long a sorted list of a large module takes.
    private readonly LanePipeline background = new(clock, perCall: TimeSpan.FromMinutes(5), perAttempt: TimeSpan.FromSeconds(30));

    /// <summary>Makes a call, and repeats it where that may help.</summary>
    /// <param name="call">The call.</param>
    /// <param name="attempt">Makes the call. The place is free again when the call has returned, unless the attempt keeps it.</param>
    /// <param name="ct">Ends the call.</param>
    /// <exception cref="ZohoException">Zoho did not do it, or did not answer.</exception>
    public async Task<T> Run<T>(
        ZohoCall call, Func<CallPlace, CancellationToken, Task<T>> attempt, CancellationToken ct)
    {
        var lane = call.Lane switch
        {
            Lane.Channel => channel,
            Lane.Live => live,
            _ => background,
        };
        try
        {
            return await (call.IsRepeatable ? lane.Repeated : lane.Once).ExecuteAsync(async token =>
            {
                var place = await places.Take(call.Lane, token);
                try
                {
                    return await Limited(lane, within => attempt(place, within), token);
                }
                finally
                {
                    if (!place.IsKept)
                        await place.DisposeAsync();
                }
            }, ct);
        }
        catch (BrokenCircuitException e)
        {
            // Repeats Zoho's last error, so that all calls of one outage fail with the same cause.
            var last = e.InnerException as ZohoException;
            throw new ZohoException(last?.Kind ?? ZohoErrorKind.Unavailable, last?.Code ?? "NOT_REACHED");
        }
        catch (TimeoutRejectedException)
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "TIMEOUT");
        }
    }

    private static async Task<T> Limited<T>(LanePipeline lane, Func<CancellationToken, Task<T>> attempt, CancellationToken ct)
    {
        try
        {
            return await lane.Attempt.ExecuteAsync(async token => await attempt(token), ct);
        }
        catch (TimeoutRejectedException)
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "TIMEOUT");
        }
    }

    /// <param name="perCall">The most time for a call with all its repetitions and all its waiting.</param>
    private sealed class LanePipeline(TimeProvider clock, TimeSpan perCall, TimeSpan perAttempt)
    {
        public ResiliencePipeline Once { get; } = new ResiliencePipelineBuilder { TimeProvider = clock }.AddTimeout(perCall).Build();

        public ResiliencePipeline Repeated { get; } = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddTimeout(perCall)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(IsWorthAnotherTry(arguments.Outcome.Exception)),
                MaxRetryAttempts = 5,
                Delay = TimeSpan.FromSeconds(0.5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as ZohoException)?.RetryAfter),
            })
            // While every call fails, further calls would fail too: they would cost credits, and delay the calls behind them. One call
            // after each pause finds out whether Zoho is back.
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome.Exception)),
                FailureRatio = 1,
                MinimumThroughput = 4,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDurationGenerator = arguments => ValueTask.FromResult(Pause(arguments.HalfOpenAttempts)),
            })
            .Build();

        public ResiliencePipeline Attempt { get; } = new ResiliencePipelineBuilder { TimeProvider = clock }.AddTimeout(perAttempt).Build();

        private static bool IsWorthAnotherTry(Exception? exception) =>
            exception is ZohoException { Kind: ZohoErrorKind.Unavailable or ZohoErrorKind.Throttled } e
                && !(e.RetryAfter > LongestRetryAfter);

        // Zoho also answers 500 for one lead that always fails, and 429 when it is busy. It is an outage only when no other call succeeds
        // either. A call that runs out of time ends as cancelled.
        private static bool IsFailure(Exception? exception) =>
            exception is OperationCanceledException or ZohoException { Kind: ZohoErrorKind.Unavailable or ZohoErrorKind.Throttled };

        private static TimeSpan Pause(int failedTrials) =>
            TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(failedTrials, 8)));
    }
}
