using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Dials;

/// <summary>One way to turn dials of the simulator, and what the sync makes of it.</summary>
/// <param name="Dials">What is turned to what, for instance <c>DeliveryLateRate=1 DeliveryLateBy=00:00:02</c>; a space in a value is
/// <c>%20</c>.</param>
/// <param name="Repair">What it takes until the view is true.</param>
internal sealed record Turn(string Dials, Repair Repair = Repair.None)
{
    /// <summary>Happens when the dials are turned, before people go to work: what makes them matter.</summary>
    public Func<RunningSync, Task> First { get; init; } = _ => Task.CompletedTask;

    /// <summary>What people do in Zoho.</summary>
    public Func<RunningSync, Task> Work { get; init; } = WorkInZoho.Everyday;

    /// <summary>What is to be seen before the repair, while the dials are turned.</summary>
    public Func<RunningSync, Task> Meanwhile { get; init; } = _ => Task.CompletedTask;

    /// <summary>As long as the dials are turned, the view cannot be true: it has to be safe, and true when they are turned back.</summary>
    public bool IsOutage { get; init; }

    /// <summary>What the dials moved moves back with them, so that a comparison has to follow.</summary>
    public bool MovesBack { get; init; }

    /// <summary>What the simulator counts of it, when it does: it has to have happened.</summary>
    public string? Counted { get; init; }

    public IEnumerable<(string Name, string Value)> Settings =>
        Dials.Split(' ').Select(dial => dial.Split('=', 2)).Select(parts => (parts[0], Uri.UnescapeDataString(parts[1])));
}
