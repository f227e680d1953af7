using LeadSync.ServiceDefaults;

namespace LeadSync.Scheduler;

/// <summary>The intervals and limits of the plan.</summary>
internal sealed record SchedulerOptions
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(366);

    /// <summary>From the start of one scheduled catch-up to the start of the next.</summary>
    public TimeSpan CatchUpInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>From the start of one full read to the start of the next.</summary>
    public TimeSpan FullComparisonInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The lifetime of the channel to ask for. Zoho may grant less, and then that counts.</summary>
    public TimeSpan ChannelLifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>From 0 to 1: when a full comparison misses a greater share of the living leads, it waits for an operator.</summary>
    public double MaximumRemovalShare { get; init; } = 0.05;

    public static SchedulerOptions From(Settings settings)
    {
        var defaults = new SchedulerOptions();
        return new SchedulerOptions
        {
            CatchUpInterval = Duration(settings, "Scheduler__CatchUpInterval", defaults.CatchUpInterval),
            FullComparisonInterval = Duration(settings, "Scheduler__FullComparisonInterval", defaults.FullComparisonInterval),
            ChannelLifetime = Duration(settings, "Scheduler__ChannelLifetime", defaults.ChannelLifetime),
            MaximumRemovalShare = settings.Share("Scheduler__MaximumRemovalShare", defaults.MaximumRemovalShare),
        };
    }

    // A bare number would be read as days: 3600 would be ten years without a catch-up.
    private static TimeSpan Duration(Settings settings, string key, TimeSpan fallback) =>
        settings.Duration(key, fallback, Least) is var duration && duration <= Most
            ? duration
            : throw new SettingsException($"{key} is longer than a year: write days.hours:minutes:seconds, for example {key}={fallback:c}");
}
