using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace LeadSync.Gateway.Zoho;

/// <summary>How often, how long and how many at a time Zoho is asked.</summary>
/// <remarks>It works on what an answer means rather than on its status: Zoho reports throttling and trouble under 200 and 400 as well. A
/// repeated call does no harm; a bulk read job that is made twice costs 50 credits.</remarks>
internal static class ZohoPipeline
{
    // Zoho: 10 parallel calls on most editions, 5 on the smallest.
    private const int ParallelCalls = 5;

    private static readonly TimeSpan PerCall = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PerAttempt = TimeSpan.FromSeconds(10);

    // Who is told to wait longer gives up, and leaves it to whoever asked.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    public static ResiliencePipeline Build(TimeProvider time) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddConcurrencyLimiter(ParallelCalls, queueLimit: int.MaxValue)
            .AddTimeout(PerCall)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(IsWorthAnotherTry(arguments.Outcome.Exception)),
                MaxRetryAttempts = 5,
                Delay = TimeSpan.FromSeconds(0.5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as ZohoException)?.RetryAfter),
            })
            .AddTimeout(PerAttempt)
            .Build();

    private static bool IsWorthAnotherTry(Exception? exception) => exception switch
    {
        TimeoutRejectedException => true,
        ZohoException { Kind: ZohoErrorKind.Unavailable or ZohoErrorKind.Throttled } e => !(e.RetryAfter > LongestWait),
        _ => false,
    };
}
