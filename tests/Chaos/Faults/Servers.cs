using LeadSync.Chaos.Stage;
using LeadSync.DevStack.Processes;

namespace LeadSync.Chaos.Faults;

/// <summary>Kills, pauses, cuts off and wipes the broker and the database.</summary>
internal static class Servers
{
    public const string Wipe = "broker wiped";

    // A client may notice a cut connection only after three missed heartbeats of the broker,
    // long after everything is ready again.
    private static readonly TimeSpan BrokerAftermath = TimeSpan.FromSeconds(35);

    // A pool finds a broken connection at its next use, and services retry failed statements some seconds later.
    private static readonly TimeSpan DatabaseAftermath = TimeSpan.FromSeconds(15);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("broker killed", BrokerAftermath, strike => KillAsync(strike, strike.Stack.RabbitMq)),
        new("database killed", DatabaseAftermath, strike => KillAsync(strike, strike.Stack.Postgres)),
        new("broker paused", BrokerAftermath, strike => PauseAsync(strike, strike.Stack.RabbitMq)),
        new("database paused", DatabaseAftermath, strike => PauseAsync(strike, strike.Stack.Postgres)),
        new("connections to the broker cut", BrokerAftermath, strike => CutAsync(strike, replica => replica.Broker.CutAsync())),
        new("connections to the database cut", DatabaseAftermath, strike => CutAsync(strike, replica => replica.Database.CutAsync())),
        new(Wipe, BrokerAftermath, WipeAsync),
    ];

    private static async Task KillAsync(Strike strike, ServerProcess server)
    {
        await strike.WaitAsync(0, 1);
        await server.KillAsync();
        await strike.WaitAsync(0, 2);
    }

    private static async Task PauseAsync(Strike strike, ServerProcess server)
    {
        server.Pause();
        try
        {
            await strike.WaitAsync(strike.Options.ServerPause);
        }
        finally
        {
            server.Resume();
        }
    }

    private static async Task CutAsync(Strike strike, Func<Replica, Task> cutAsync)
    {
        for (var times = 1 + strike.Random.Next(3); times > 0; times--)
        {
            await Task.WhenAll(strike.Stack.Replicas.Select(cutAsync));
            await strike.WaitAsync(0.1, 1.5);
        }
    }

    private static async Task<bool> WipeAsync(Strike strike)
    {
        // When a wipe removes a catch-up's command, the plan repeats it only minutes later. That is right, but too long for this run.
        if (!await strike.HappensAsync(() => ReadsNothingAsync(strike)))
            return false;

        await strike.Stack.WipeBrokerAsync(TimeSpan.FromSeconds(strike.Random.NextDouble() * 2), strike.Stop);
        return true;
    }

    private static async Task<bool> ReadsNothingAsync(Strike strike)
    {
        var status = await strike.StatusAsync();
        return status.GetProperty("run").ValueKind == System.Text.Json.JsonValueKind.Null
            && status.GetProperty("catchUp").GetProperty("id").ValueKind == System.Text.Json.JsonValueKind.Null
            && !status.GetProperty("fullComparison").GetProperty("isComparing").GetBoolean();
    }
}
