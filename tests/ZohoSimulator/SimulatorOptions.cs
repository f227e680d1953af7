namespace LeadSync.ZohoSimulator;

/// <summary>The options that are fixed when the simulator starts. Everything that can change later is in <see cref="Dials"/>. Both come
/// from the section <c>Simulator</c> (<c>Simulator__Leads=450000</c>).</summary>
internal sealed record SimulatorOptions
{
    /// <summary>The number of leads at the start.</summary>
    public int Leads { get; init; } = 25_000;

    /// <summary>The seed of all values and all random choices.</summary>
    public int Seed { get; init; } = 1;

    public string ClientId { get; init; } = "1000.SIMULATOR";

    public string ClientSecret { get; init; } = "simulator-secret";

    public string RefreshToken { get; init; } = "1000.simulator.refresh";

    /// <summary>The time by which Zoho's clock is ahead of the machine's; negative when it is behind.</summary>
    public TimeSpan ClockOffset { get; init; }
}
