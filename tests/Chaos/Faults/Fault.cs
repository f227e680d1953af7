namespace LeadSync.Chaos.Faults;

/// <summary>A kind of fault.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="Aftermath">
/// The time for which its effects may last after every process runs and is ready again. A later error or refused notification has another
/// cause.
/// </param>
/// <param name="StrikeAsync">Strikes. <see cref="Stage.Stack.HealAsync"/> undoes what it leaves. False when the step that it waits for
/// did not happen.</param>
internal sealed record Fault(string Name, TimeSpan Aftermath, Func<Strike, Task<bool>> StrikeAsync)
{
    /// <summary>The longest aftermath of all faults.</summary>
    public static TimeSpan LongestAftermath => All.Max(fault => fault.Aftermath);

    public static IReadOnlyList<Fault> All { get; } =
    [
        .. KilledServices.All, .. Servers.All, .. BulkPages.All, .. Rivals.All, .. Network.All
    ];

    public Fault(string name, TimeSpan aftermath, Func<Strike, Task> strikeAsync)
        : this(name, aftermath, async strike =>
        {
            await strikeAsync(strike);
            return true;
        })
    {
    }
}
