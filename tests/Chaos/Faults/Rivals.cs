using LeadSync.Chaos.Stage;

namespace LeadSync.Chaos.Faults;

/// <summary>Two replicas of a service at once, one of which is then killed.</summary>
internal static class Rivals
{
    // The other replica takes over unfinished work at once.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("two gateways at once", Aftermath, strike => TwoAsync(strike, strike.Stack.Gateways)),
        new("two projectors at once", Aftermath, strike => TwoAsync(strike, strike.Stack.Projectors)),
        new("two schedulers at once", Aftermath, strike => TwoAsync(strike, strike.Stack.Schedulers)),
    ];

    private static async Task TwoAsync(Strike strike, Replica[] replicas)
    {
        await replicas[1].StartAsync(strike.Stop);
        await strike.OrderAsync("catch-up");
        await strike.WaitAsync(1, 3);
        await replicas[strike.Random.Next(2)].KillAsync();
        await strike.WaitAsync(0, 2);
    }
}
