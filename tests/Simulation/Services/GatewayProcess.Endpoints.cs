using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Zoho;
using Npgsql;

namespace LeadSync.Simulation.Services;

/// <summary>What is called from outside.</summary>
internal sealed partial class GatewayProcess
{
    // For so long something is still sent to a replica that no longer answers.
    private static readonly TimeSpan StillSentTo = TimeSpan.FromSeconds(50);

    private readonly List<DateTimeOffset> unanswered = [];
    private bool asking;
    private DateTimeOffset silentSince;

    public bool IsSentTo => World.Now - (IsStalled ? StalledSince : IsUp ? World.Now : silentSince) <= StillSentTo;

    public bool CanReceive => IsUp && !IsStalled && clock.IsMeasured;

    // Each start is a replica of its own.
    private (string, int) Replica => (Name, starts);

    /// <summary>As <c>NotificationEndpoint</c> does.</summary>
    public async Task Receive(byte[] body, IReadOnlyList<string> ids, string token, DateTimeOffset sentAt)
    {
        var announced = ids.ToDictionary(id => id, World.Broker.Announced);
        var receivedAt = World.Now;
        unanswered.Add(receivedAt);
        var status = await Answer(body);
        unanswered.Remove(receivedAt);
        World.Trace($"{Name} answers {status}");
        World.Guarantees.Answered(status, announced, token, sentAt);
    }

    public override void Crash()
    {
        unanswered.ForEach(World.Guarantees.NotReceived);
        unanswered.Clear();
        silentSince = IsStalled ? StalledSince : World.Now;
        base.Crash();
    }

    public async Task CalledBack(string jobId)
    {
        try
        {
            await Publish(new BulkJobCalledBack(jobId));
        }
        catch (OutageException)
        {
            // 503; the job's status is read from time to time.
        }
    }

    /// <summary>It has recorded every second that it can receive.</summary>
    public void HasBeaten()
    {
        if (World.Channel.Replicas.ContainsKey(Replica))
            World.Channel.Replicas[Replica] = World.Now;
    }

    /// <summary>As <c>ReceivingHeartbeat</c> does every second.</summary>
    /// <param name="steadily">It has done so all the time since the last.</param>
    public void Beat(bool steadily = false)
    {
        World.Channel.Replicas[Replica] = World.Now;
        if (!clock.IsMeasured)
        {
            if (!asking)
                _ = LearnTime();
            return;
        }

        if (lastBeat is null || !(steadily || World.Now - lastBeat <= Receiving.LongestPause))
            receivingSince = World.Now;
        lastBeat = World.Now;

        var toZoho = Skew + clock.Offset;
        foreach (var at in unanswered.Where(at => World.Now - at > NotificationEndpoint.Patience).ToList())
        {
            unanswered.Remove(at);
            receiving.Refused(at + NotificationEndpoint.Patience + toZoho);
            World.Guarantees.NotReceived(at);
        }

        var crashed = World.Channel.Replicas.Where(other => other.Key != Replica && Receiving.HasCrashed(other.Value, World.Now)).ToList();
        DateTimeOffset? firstCrash = crashed.Count > 0 ? crashed.Min(other => other.Value) : null;
        var gap = Receiving.Gap(
            World.Channel.Heartbeat + toZoho, receivingSince + toZoho, firstCrash + toZoho, receiving.TakeRefused(), World.Now + toZoho);
        if (gap is not null)
            World.Broker.Accept(this, gap);
        if (Receiving.MayBeBridged(World.Channel.Heartbeat, receivingSince, World.Now))
        {
            Clock.CreateTimer(_ => BeatAgain(), null, Receiving.LongestPause, Timeout.InfiniteTimeSpan);
        }
        else
        {
            World.Channel.Heartbeat = World.Now;
            foreach (var other in crashed)
                World.Channel.Replicas.Remove(other.Key);
        }

        World.Channel.HeardAt ??= clock.Now;
    }

    private void BeatAgain()
    {
        if (World.CanRecord)
            Beat(steadily: true);
    }

    // The database's clock is taken to be the gateways'.
    private TimeSpan Skew => Clock.GetUtcNow() - World.Now;

    private async Task<int> Answer(byte[] body)
    {
        try
        {
            var now = clock.IsMeasured ? clock.Now : DateTimeOffset.MinValue;
            var notification = Notification.Read(body, await tokens.Current(default), secretGiven: true, now);
            if (notification.Status == 401)
                notification = Notification.Read(body, await tokens.Latest(default), secretGiven: true, now);
            if (notification.Status != 200)
                return notification.Status;

            var announced = announcements.Announce(notification.Ids, new Origin(clock.Now, TraceParent: null));
            if (!World.Seams.AnswersFirst)
                await announced;
            World.Channel.HeardAt = clock.Now;
            return 200;
        }
        catch (Exception e) when (e is OutageException or NpgsqlException)
        {
            receiving.Refused(clock.Now);
            return 503;
        }
    }

    private async Task<AcceptedTokens> ReadTokens(CancellationToken ct)
    {
        await World.Step(this, "reads the tokens");
        return World.IsDatabaseDown ? throw new NpgsqlException("the database is down") : World.Channel.Accepted;
    }

    // The heartbeat asks as long as nobody knows Zoho's clock.
    private async Task LearnTime()
    {
        asking = true;
        try
        {
            await clock.Ask(zoho, default);
        }
        catch (ZohoException)
        {
            // Again with the next beat.
        }

        asking = false;
    }
}
