using System.CommandLine;
using System.Globalization;
using LeadSync.ServiceDefaults;

namespace LeadSync.Cli.CommandLine;

/// <summary>Polls with a deadline, also while the scheduler restarts or cannot see.</summary>
internal static class Polling
{
    // If the deadline cuts a poll off and the scheduler answered the poll before it this recently, the command does not report that the
    // scheduler is silent.
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    // .NET's timers run for 49 days at most.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static Option<TimeSpan> Timeout(TimeSpan usual) => new("--timeout")
    {
        Description = $"how long to wait at most, for example 90s, 10m, 2h or 00:10:00; by default {InWords.Span(usual)}",
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            if (Parse(result.Tokens[0].Value) is { } timeout && timeout > TimeSpan.Zero && timeout <= Longest)
                return timeout;

            result.AddError($"--timeout takes a time of {Longest.TotalDays} days at most, for example --timeout 10m");
            return usual;
        },
    };

    /// <summary>Asks once, and waits for the answer no longer than the deadline allows.</summary>
    /// <exception cref="CommandException">The scheduler did not answer in time.</exception>
    public static async Task<T> Within<T>(TimeSpan timeout, Func<CancellationToken, Task<T>> ask, TimeProvider clock, CancellationToken ct)
    {
        using var over = new CancellationTokenSource(timeout, clock);
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        try
        {
            return await ask(asking.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.Unreachable, $"The scheduler did not answer within {InWords.Span(timeout)}.");
        }
    }

    /// <param name="look">Returns the result, or null to poll again.</param>
    /// <param name="tell">Gets, when a poll fails, the reason and since when it fails.</param>
    /// <param name="timeout">Null for no deadline.</param>
    /// <param name="wasReached">Whether the scheduler has answered before.</param>
    /// <returns>Null when the deadline has passed.</returns>
    /// <exception cref="CommandException">The scheduler never answered, or does not answer when the deadline passes.</exception>
    public static async Task<T?> Until<T>(
        Func<CancellationToken, Task<T?>> look, Action<string> tell, TimeSpan pause, TimeSpan? timeout, TimeProvider clock, bool wasReached,
            CancellationToken ct)
        where T : class
    {
        var (started, reached, trouble) = (clock.GetUtcNow(), wasReached ? clock.GetUtcNow() : default(DateTimeOffset?), default(string));
        using var over = new CancellationTokenSource(timeout ?? System.Threading.Timeout.InfiniteTimeSpan, clock);
        using var looking = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        try
        {
            while (true)
            {
                try
                {
                    if (await look(looking.Token) is { } answer)
                        return answer;

                    (reached, trouble) = (clock.GetUtcNow(), null);
                }
                catch (CommandException e) when (e.IsBlind)
                {
                    reached = clock.GetUtcNow();
                    tell(trouble = e.Message);
                }
                catch (CommandException e) when (e.ExitCode == ExitCode.Unreachable && reached is { } last)
                {
                    tell(trouble = $"{e.Message} It last answered at {TimeText.Instant(last)}.");
                }

                await Task.Delay(pause, clock, looking.Token);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            if (trouble is null && reached is { } last && clock.GetUtcNow() - last < pause + AnswerPatience)
                return null;

            throw new CommandException(ExitCode.Unreachable,
                trouble ?? $"The scheduler has not answered for {InWords.Span(clock.GetUtcNow() - (reached ?? started))}.");
        }
    }

    /// <summary>A duration such as <c>90s</c>, <c>10m</c>, <c>2h</c>, <c>1d</c> or <c>00:10:00</c>; null for any other text.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            var seconds = text[^1] switch
            {
                's' => number,
                'm' => number * 60,
                'h' => number * 60 * 60,
                'd' => number * 24 * 60 * 60,
                _ => double.NaN,
            };
            return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
        }

        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)
            && span >= TimeSpan.Zero ? span : null;
    }
}
