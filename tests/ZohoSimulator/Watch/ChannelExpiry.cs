namespace LeadSync.ZohoSimulator.Watch;

/// <summary>The life of a channel.</summary>
internal static class ChannelExpiry
{
    /// <summary>Zoho grants an hour without a requested expiry, and also, without an error, when the expiry is too far away.</summary>
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
