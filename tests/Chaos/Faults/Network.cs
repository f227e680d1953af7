namespace LeadSync.Chaos.Faults;

/// <summary>The way to Zoho is gone: nobody refuses, and nobody answers.</summary>
internal static class Network
{
    // A call that was made last may wait for its answer for half a minute, and no call is made for five seconds after that.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(45);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("SYNs to Zoho dropped", Aftermath, strike => WithoutAsync(strike, () => strike.Stack.Zoho.DropAsync())),
        new("answers of Zoho swallowed", Aftermath, strike => WithoutAsync(strike, () => CloseAsync(strike))),
    ];

    private static async Task WithoutAsync(Strike strike, Func<Task> away)
    {
        await away();
        try
        {
            await strike.WaitAsync(strike.Options.ServerPause);
        }
        finally
        {
            await strike.Stack.Zoho.ResetAsync();
        }
    }

    // Connections are made, requests are taken, and nothing comes back.
    private static Task CloseAsync(Strike strike)
    {
        strike.Stack.Zoho.ToClient.Close();
        return Task.CompletedTask;
    }
}
