using System.Diagnostics;

namespace LeadSync.TestSupport;

/// <summary>
/// Waits for conditions. Checks often at first, then less often, because a long wait must not slow down what it waits for.
/// </summary>
public static class Wait
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <param name="what">The condition in words, as the end of "waited … until".</param>
    /// <exception cref="TimeoutException">The condition did not come true in time.</exception>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await HappensAsync(condition, patience, cancellationToken))
            throw new TimeoutException($"waited {patience.TotalSeconds:0} s until {what}");
    }

    /// <param name="longestPause">The longest pause between two checks; the default is a second.</param>
    /// <returns>False when the condition did not come true in time.</returns>
    public static async Task<bool> HappensAsync(
        Func<Task<bool>> condition, TimeSpan patience, CancellationToken cancellationToken, TimeSpan? longestPause = null)
    {
        var (started, longest) = (Stopwatch.GetTimestamp(), longestPause ?? LongestPause);
        for (var pause = FirstLook; !await condition(); pause = pause * 1.5 < longest ? pause * 1.5 : longest)
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
                return false;
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }

        return true;
    }
}
