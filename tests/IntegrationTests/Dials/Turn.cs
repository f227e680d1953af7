using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Dials;

/// <summary>Values for dials of the simulator, and their effect on the sync.</summary>
/// <param name="Dials">Dials and values, for instance <c>DeliveryLateRate=1 DeliveryLateBy=00:00:02</c>; a space in a value is
/// <c>%20</c>.</param>
/// <param name="Repair">What makes the view true again.</param>
internal sealed record Turn(string Dials, Repair Repair = Repair.None)
{
    /// <summary>Runs after the dials are turned and before leads change: gives the dials their effect.</summary>
    public Func<RunningSync, Task> First { get; init; } = _ => Task.CompletedTask;

    /// <summary>The changes of leads in Zoho.</summary>
    public Func<RunningSync, Task> Work { get; init; } = WorkInZoho.Everyday;

    /// <summary>What the test expects before the repair, while the dials are turned.</summary>
    public Func<RunningSync, Task> Meanwhile { get; init; } = _ => Task.CompletedTask;

    /// <summary>The view cannot be true while the dials are turned. It has to be safe, and true when they are turned back.</summary>
    public bool IsOutage { get; init; }

    /// <summary>Turning the dials back changes Zoho's data again, so a comparison has to follow.</summary>
    public bool MovesBack { get; init; }

    /// <summary>The simulator's counter of the dial's effect, if there is one. The effect must have occurred.</summary>
    public string? Counted { get; init; }

    public IEnumerable<(string Name, string Value)> Settings =>
        Dials.Split(' ').Select(dial => dial.Split('=', 2)).Select(parts => (parts[0], Uri.UnescapeDataString(parts[1])));
}
