using LeadSync.Chaos.Stage;
using LeadSync.DevStack.Processes;

namespace LeadSync.Chaos.Faults;

/// <summary>The broker and the database killed, paused, cut off, wiped.</summary>
internal static class Servers
{
    public const string Wipe = "broker wiped";

    // A connection that was cut may be noticed only when three of the broker's heartbeats have stayed away,
    // long after everything is ready again.
    private static readonly TimeSpan BrokerAftermath = TimeSpan.FromSeconds(35);

    // Connections of a pool are found broken when they are used next, and what was tried meanwhile is tried again some seconds later.
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
        // A reading whose message is wiped is asked for again only minutes later, which is right, but too long to wait for here.
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
