using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>Keeps the channel open: renews it within the life that Zoho granted, and checks now and then whether Zoho still has
/// it.</summary>
internal static class ChannelPlan
{
    // The remaining life is for attempts that fail.
    private const double RenewalPoint = 0.6;

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    // A webhook that Zoho cannot reach is noticed within a quarter of an hour. While no notification arrives, each check costs a credit.
    private static readonly TimeSpan BetweenListening = TimeSpan.FromMinutes(3);

    public static IEnumerable<Decision> Decide(SyncState state, DateTimeOffset now)
    {
        var channel = state.Channel;
        if (channel.Id is not null && now >= channel.ExpiresAt && channel.ExpiryNoted != channel.ExpiresAt)
            yield return new ChannelExpired(channel.ExpiresAt, now);
    }

    public static IEnumerable<Dispatch> Commands(SyncState state, SchedulerOptions options, DateTimeOffset now)
    {
        if (now >= RenewalDue(state.Channel))
        {
            var command = new RenewChannel(options.ChannelLifetime, state.Channel.RenewedAt, now + CommandLife.Short);
            yield return (command, new RenewChannelSent(state.Channel.RenewedAt, now));
        }

        if (state.Channel.IsOpenAt(now) && now >= CheckDue(state.Channel))
        {
            var listens = now >= state.Channel.ListenSentAt + BetweenListening;
            yield return (new CheckChannel(listens, now + CommandLife.Short), new CheckChannelSent(now, listens));
        }
    }

    public static DateTimeOffset RenewalDue(Channel channel)
    {
        if (channel.RenewalsSent > 0)
            return channel.RenewalSentAt + PauseAfterRenewal(channel);
        if (channel.Id is null || channel.IsLost)
            return DateTimeOffset.MinValue;

        var point = channel.GrantedLife * RenewalPoint;
        return channel.RenewedAt + (point < ZohoLimits.ChannelRenewal ? point : ZohoLimits.ChannelRenewal);
    }

    private static TimeSpan PauseAfterRenewal(Channel channel)
    {
        // The remaining life has room for five more attempts, however short it is.
        var left = channel.IsLost ? TimeSpan.Zero : channel.ExpiresAt - channel.RenewalSentAt;
        var most = left > TimeSpan.Zero ? Between(TimeSpan.FromSeconds(1), left / 6, TimeSpan.FromMinutes(5)) : TimeSpan.FromMinutes(1);
        return channel.RenewalFailure is null
            ? Between(FirstPause, most, AnswerPatience)
            : Backoff.After(channel.RenewalsSent, FirstPause, most);
    }

    private static DateTimeOffset CheckDue(Channel channel) =>
        (channel.CheckSentAt > channel.RenewedAt ? channel.CheckSentAt : channel.RenewedAt)
        + Between(TimeSpan.FromSeconds(5), channel.GrantedLife / 10, TimeSpan.FromMinutes(2));

    private static TimeSpan Between(TimeSpan least, TimeSpan wish, TimeSpan most) =>
        wish < least ? least : wish > most ? most : wish;
}
