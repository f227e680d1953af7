using System.Text.Json;
using LeadSync.Chaos.Stage;
using LeadSync.TestSupport.Network;

namespace LeadSync.Chaos.Faults;

/// <summary>
/// Kills services (SIGKILL) at random moments, and at the steps where a crash matters most. A proxy holds the traffic from or to a server,
/// which holds the service at that step.
/// </summary>
internal static class KilledServices
{
    private const string Renewals = "watch.post,watch.put,watch.patch";

    // Its connections end with it, so every program that waits for its answer or its lock notices at once.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("gateway killed", Aftermath, strike => KillAsync(strike, strike.Stack.Gateways[0])),
        new("projector killed", Aftermath, strike => KillAsync(strike, strike.Stack.Projectors[0])),
        new("scheduler killed", Aftermath, strike => KillAsync(strike, strike.Stack.Schedulers[0])),
        new(
            "gateway killed after receive", Aftermath,
            strike => KillAtAsync(strike, strike.Stack.Gateways[0], replica => replica.Broker.ToServer)),
        new(
            "gateway killed before confirm", Aftermath,
            strike => KillAtAsync(strike, strike.Stack.Gateways[0], replica => replica.Broker.ToClient)),
        new("gateway killed mid renewal", Aftermath, MidRenewalAsync),
        new(
            "projector killed mid transaction", Aftermath,
            strike => KillAtAsync(strike, strike.Stack.Projectors[0], replica => replica.Database.ToServer)),
        new("projector killed after commit, before ack", Aftermath, AfterCommitAsync),
        new("scheduler killed after recording, before sending", Aftermath, BeforeSendingAsync),
    ];

    private static async Task KillAsync(Strike strike, Replica replica)
    {
        await strike.WaitAsync(0, 1.5);
        await replica.KillAsync();
        await strike.WaitAsync(0, 3);
    }

    private static async Task<bool> KillAtAsync(Strike strike, Replica replica, Func<Replica, Gate> at)
    {
        await strike.WaitAsync(0, 1);
        at(replica).Close();
        if (!await strike.CaughtAsync(at(replica)))
            return false;

        await strike.WaitAsync(0.1, 0.8);
        await replica.KillAsync();
        return true;
    }

    // PostgreSQL shows the commit; the proxy holds what the projector then sends to the broker.
    private static async Task<bool> AfterCommitAsync(Strike strike)
    {
        var projector = strike.Stack.Projectors[0];
        // A projector that has just started must be able to subscribe to its queues.
        if (!await AppendsAsync(strike))
            return false;

        projector.Broker.ToServer.Close();
        if (!await AppendsAsync(strike))
            return false;

        await projector.KillAsync();
        return true;
    }

    private static async Task<bool> AppendsAsync(Strike strike)
    {
        const string appended = "select coalesce(max(seq_id), 0) from projector.mt_events";
        var before = await strike.CountAsync(appended);
        return await strike.HappensAsync(async () => await strike.CountAsync(appended) > before);
    }

    private static async Task<bool> BeforeSendingAsync(Strike strike)
    {
        var scheduler = strike.Stack.Schedulers[0];
        scheduler.Broker.ToServer.Close();
        await strike.OrderAsync("catch-up");
        if (!await strike.CaughtAsync(scheduler.Broker.ToServer))
            return false;

        await scheduler.KillAsync();
        return true;
    }

    private static async Task<bool> MidRenewalAsync(Strike strike)
    {
        await strike.TurnDialsAsync(new { Latency = "00:00:02", FaultKinds = Renewals });
        try
        {
            var before = await RenewalsAsync(strike);
            // The scheduler renews a missing channel at once, and otherwise when it is due.
            if (strike.Random.Next(2) == 0)
                (await strike.Stack.Simulator.Http.DeleteAsync("control/channels", strike.Stop)).Dispose();
            if (!await strike.HappensAsync(async () => await RenewalsAsync(strike) > before))
                return false;

            await strike.WaitAsync(0, 2.5);
            await strike.Stack.Gateways[0].KillAsync();
            return true;
        }
        finally
        {
            await strike.TurnDialsAsync(new { Latency = "00:00:00", FaultKinds = "" });
        }
    }

    private static async Task<long> RenewalsAsync(Strike strike)
    {
        var calls = (await strike.StatisticsAsync()).GetProperty("calls");
        return Renewals.Split(',').Sum(kind => calls.TryGetProperty(kind, out JsonElement count) ? count.GetInt64() : 0);
    }
}
