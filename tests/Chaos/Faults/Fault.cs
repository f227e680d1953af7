namespace LeadSync.Chaos.Faults;

/// <summary>A kind of fault.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Aftermath">
/// How long it may be felt after everything runs and is ready again. What happens later, in logs or to notifications, has to have another
/// reason.
/// </param>
/// <param name="StrikeAsync">Strikes, and may leave behind what <see cref="Stage.Stack.HealAsync"/> undoes. False when what it
/// waits for did not happen.</param>
internal sealed record Fault(string Name, TimeSpan Aftermath, Func<Strike, Task<bool>> StrikeAsync)
{
    /// <summary>The longest of them all.</summary>
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
