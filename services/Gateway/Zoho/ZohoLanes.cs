using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace LeadSync.Gateway.Zoho;

/// <summary>Who waits for a call's answer, and so which calls it may wait behind.</summary>
internal enum Lane
{
    /// <summary>Somebody's change, or the channel: what is read for catch-ups is never in its way.</summary>
    Live,

    /// <summary>Catch-ups, comparisons and bulk reads.</summary>
    Background,
}

/// <summary>One call of Zoho's API.</summary>
/// <param name="Name">What it is counted under.</param>
/// <param name="Path">With the query, below the API's host.</param>
internal sealed record ZohoCall(string Name, HttpMethod Method, string Path, Lane Lane)
{
    /// <summary>What is sent as JSON; null sends nothing.</summary>
    public object? Body { get; init; }

    /// <summary>The value of <c>If-Modified-Since</c>.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Its price in Zoho's list.</summary>
    public int Credits { get; init; } = ZohoLimits.CallCredits;

    /// <summary>Whether it is made although the day's credits are used up.</summary>
    public bool IsMadeOverBudget { get; init; }

    /// <summary>Whether making it twice does no harm.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Bodies and addresses hold secrets.</summary>
    public override string ToString() => Name;
}

/// <summary>How often and how long Zoho is asked, by <see cref="Lane"/>.</summary>
/// <remarks>They work on what an answer means rather than on its status: Zoho reports throttling and trouble under 200 and 400 as well. A call
/// that waits to be repeated takes no place from others.</remarks>
internal sealed class ZohoLanes(CallPlaces places, TimeProvider time)
{
    // Who is told to wait longer gives up, and leaves it to whoever asked.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(15);

    private readonly LanePipeline live = new(time, perCall: TimeSpan.FromSeconds(25), perAttempt: TimeSpan.FromSeconds(10));

    // Zoho: how long a sorted list of a large module takes is not said.
    private readonly LanePipeline background = new(time, perCall: TimeSpan.FromMinutes(5), perAttempt: TimeSpan.FromSeconds(30));

    /// <summary>Makes a call, and repeats it where that may help.</summary>
    /// <exception cref="ZohoException">Zoho did not do it, or did not answer.</exception>
    public async Task<T> Run<T>(ZohoCall call, Func<CancellationToken, Task<T>> attempt, CancellationToken ct)
    {
        var lane = call.Lane == Lane.Live ? live : background;
        try
        {
            return await (call.IsRepeatable ? lane.Repeated : lane.Once).ExecuteAsync(async token =>
            {
                await using var place = await places.Take(call.Lane, token);
                return await Limited(lane, attempt, token);
            }, ct);
        }
        catch (BrokenCircuitException)
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "NOT_REACHED");
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

    /// <param name="perCall">How long a call may take with all its repetitions and all its waiting.</param>
    private sealed class LanePipeline(TimeProvider time, TimeSpan perCall, TimeSpan perAttempt)
    {
        public ResiliencePipeline Once { get; } = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(perCall).Build();

        public ResiliencePipeline Repeated { get; } = new ResiliencePipelineBuilder { TimeProvider = time }
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
            // Where nobody answers, each further call would only find the same, and what waits behind it would be late for nothing.
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(IsAway(arguments.Outcome.Exception)),
                FailureRatio = 0.9,
                MinimumThroughput = 4,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .Build();

        public ResiliencePipeline Attempt { get; } = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(perAttempt).Build();

        private static bool IsWorthAnotherTry(Exception? exception) =>
            exception is ZohoException { Kind: ZohoErrorKind.Unavailable or ZohoErrorKind.Throttled } e && !(e.RetryAfter > LongestRetryAfter);

        // One lead that always fails is answered by Zoho itself, with 500, and says nothing about the others.
        private static bool IsAway(Exception? exception) =>
            exception is ZohoException { Kind: ZohoErrorKind.Unavailable, Status: null or 502 or 503 or 504 };
    }
}
