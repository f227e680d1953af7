using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LeadSync.Scheduler.Planning;

/// <summary>How a catch-up, a comparison or a rebuild ended.</summary>
internal enum Outcome
{
    Completed,

    Failed,

    /// <summary>A bulk read has to take the catch-up's place.</summary>
    TooLarge,

    /// <summary>A comparison waits for an operator.</summary>
    HeldBack,

    /// <summary>An operator dropped a comparison that was held back.</summary>
    Dropped,
}

/// <summary>A catch-up or a comparison that has ended.</summary>
/// <param name="Id">The catch-up's, or the run's.</param>
/// <param name="Trouble">Why it failed.</param>
/// <param name="Actions">The actions that it carried out.</param>
internal sealed record Ended(
    Guid Id, Outcome Outcome, string? Trouble, [property: JsonPropertyName("orders")] ImmutableList<Guid> Actions);

internal static class EndedList
{
    private const int Most = 20;

    /// <summary>Adds one at the front, and drops the oldest.</summary>
    public static ImmutableList<Ended> With(this ImmutableList<Ended> before, Ended ended) => [ended, .. before.Take(Most - 1)];

    /// <summary>Adds an action at the end. Actions from before they had ids are left out, because nobody can wait for them.</summary>
    public static ImmutableList<Guid> With(this ImmutableList<Guid> actions, Guid id) =>
        id == Guid.Empty ? actions : [.. actions.Skip(actions.Count - Most + 1), id];
}
