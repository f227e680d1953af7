namespace LeadSync.ZohoSimulator;

/// <summary>What is fixed when the simulator starts. Everything that can change while it runs is in <see cref="Dials"/>; both are read from
/// the section <c>Simulator</c> (<c>Simulator__Leads=450000</c>).</summary>
internal sealed record SimulatorOptions
{
    /// <summary>How many leads there are at the start.</summary>
    public int Leads { get; init; } = 25_000;

    /// <summary>All values and all chance come from it.</summary>
    public int Seed { get; init; } = 1;

    public string ClientId { get; init; } = "1000.SIMULATOR";

    public string ClientSecret { get; init; } = "simulator-secret";

    public string RefreshToken { get; init; } = "1000.simulator.refresh";

    /// <summary>How far Zoho's clock is ahead of the machine's; negative when behind.</summary>
    public TimeSpan ClockOffset { get; init; }
}
