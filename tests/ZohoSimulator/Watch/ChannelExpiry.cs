namespace LeadSync.ZohoSimulator.Watch;

/// <summary>How long a channel lives.</summary>
internal static class ChannelExpiry
{
    /// <summary>Zoho: an hour when nothing is asked for, and an hour, without an error, when too much is asked for.</summary>
    public static DateTimeOffset Grant(DateTimeOffset? asked, string version, DateTimeOffset now, Dials dials)
    {
        var longest = version switch
        {
            "v6" => dials.ChannelMaxLifeV6,
            "v7" => dials.ChannelMaxLifeV7,
            _ => dials.ChannelMaxLifeV8,
        };
        var granted = asked is { } expiry && expiry - now <= longest ? expiry : now + dials.ChannelLife;
        var capped = dials.ChannelLifeCap > TimeSpan.Zero && granted - now > dials.ChannelLifeCap ? now + dials.ChannelLifeCap : granted;
        return capped.AddTicks(-(capped.Ticks % TimeSpan.TicksPerSecond));
    }
}
