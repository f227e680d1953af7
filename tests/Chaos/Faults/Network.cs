namespace LeadSync.Chaos.Faults;

/// <summary>Calls to Zoho get neither an answer nor a refusal.</summary>
internal static class Network
{
    // The last call may wait half a minute for its answer. After half a minute without an answer, the gateway makes no call for 20 s.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(60);

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

    // Connections open and requests arrive, but no answer comes back.
    private static Task CloseAsync(Strike strike)
    {
        strike.Stack.Zoho.ToClient.Close();
        return Task.CompletedTask;
    }
}
