namespace LeadSync.Chaos.Faults;

/// <summary>A kind of fault.</summary>
/// <param name="Name">For the report.</param>
/// <param name="StrikeAsync">Strikes, and may leave behind what <see cref="Stage.Stack.HealAsync"/> undoes. False when what it waits for did not happen.</param>
internal sealed record Fault(string Name, Func<Strike, Task<bool>> StrikeAsync)
{
    public static IReadOnlyList<Fault> All { get; } = [.. KilledServices.All, .. Servers.All, .. BulkPages.All, .. Rivals.All];

    public Fault(string name, Func<Strike, Task> strikeAsync)
        : this(name, async strike =>
        {
            await strikeAsync(strike);
            return true;
        })
    {
    }
}
