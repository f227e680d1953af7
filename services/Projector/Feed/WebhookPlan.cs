namespace LeadSync.Projector.Feed;

/// <summary>Decides whether the projector sends changes again that the receiver of the webhook has not accepted, and when.</summary>
internal static class WebhookPlan
{
    // The receiver has read the changes and refuses them. In this time somebody may repair the receiver.
    private const int MostRefusals = 6;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <param name="attempts">The number of attempts.</param>
    /// <param name="status">The status of the last answer; null when there was none.</param>
    /// <returns>The pause before the next attempt. Null when the receiver has refused the changes often enough: they are put aside, and the
    /// next ones are sent. For a receiver that is away or fails, there is always another attempt.</returns>
    public static TimeSpan? PauseAfter(int attempts, int? status) => IsRefusal(status) && attempts >= MostRefusals
        ? null
        : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Clamp(attempts - 1, 0, 20)));

    // 408, 425 and 429 ask the sender to try again.
    private static bool IsRefusal(int? status) => status is >= 400 and < 500 and not (408 or 425 or 429);
}
