using System.Globalization;

namespace LeadSync.Chaos;

/// <summary>The result of a run.</summary>
/// <param name="Accepted">Notifications that were answered 2xx.</param>
/// <param name="Applied">Events appended meanwhile. Fewer than changes, because LeadSync reads a lead once for several quick changes.
/// Perhaps more than accepted, because catch-ups also find what was not announced or not accepted.</param>
/// <param name="Lost">
/// Leads that differ between the view and Zoho after the last catch-up, and leads whose latest change was accepted after the last wipe of
/// the broker and reached the view only by that catch-up; and a line when a copy that was kept by the change feed differs from the view.
/// </param>
/// <param name="AppliedTwice">Events that repeat the one before in their stream: the same content with the same modified time, or the same
/// deletion.</param>
/// <param name="Unexpected">
/// Answers other than 2xx, except 503 or no answer during a fault; services that ended by themselves or did not restart; errors in logs
/// that no fault explains; messages in <c>_error</c> or <c>_skipped</c> queues; parked items; rows of the view without an event.
/// </param>
/// <param name="Strikes">How often each kind of fault struck.</param>
/// <param name="Changes">Changes of leads in Zoho.</param>
/// <param name="Announced">Notifications that Zoho sent.</param>
/// <param name="Quiet">The time without a fault and its aftermath. Only in this time can an error have no explanation.</param>
/// <param name="CaughtUpAfter">The time from the last change until the view equalled Zoho.</param>
public sealed record ChaosReport(
    int Seed,
    long Accepted,
    long Applied,
    IReadOnlyList<string> Lost,
    IReadOnlyList<string> AppliedTwice,
    IReadOnlyList<string> Unexpected,
    IReadOnlyDictionary<string, int> Strikes,
    int Changes,
    long Announced,
    TimeSpan Duration,
    TimeSpan Quiet,
    TimeSpan CaughtUpAfter)
{
    private const int Shown = 20;

    // Even with many faults, the gateway accepts most notifications.
    private const double LeastShare = 0.3;

    private static readonly TimeSpan LeastQuiet = TimeSpan.FromSeconds(5);

    public bool IsEnough =>
        Quiet >= LeastQuiet && Accepted >= Announced * LeastShare && Applied >= Changes * LeastShare
            && Strikes.Values.All(times => times > 0);

    public bool IsGood => Lost.Count == 0 && AppliedTwice.Count == 0 && Unexpected.Count == 0 && IsEnough;

    public override string ToString()
    {
        var lines = new List<string>
        {
            "| accepted | applied | lost | applied twice | unexpected |",
            "|---:|---:|---:|---:|---:|",
            Invariant($"| {Accepted} | {Applied} | {Lost.Count} | {AppliedTwice.Count} | {Unexpected.Count} |"),
            "",
            Invariant($"Seed {Seed}, {Duration.TotalMinutes:0.0} minutes: {Changes} changes in Zoho, {Announced} of them announced.")
                + Invariant($" The view was equal {CaughtUpAfter.TotalSeconds:0} s after the last."),
            Invariant($"For {Quiet.TotalSeconds:0} s no fault was on, nor could be felt."),
            "",
            "| fault | struck |",
            "|---|---:|",
        };
        lines.AddRange(
            Strikes.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => Invariant($"| {kind.Key} | {kind.Value} |")));
        if (!IsEnough)
            lines.AddRange(
                ["", "Too little happened: a fault never struck, or too little was accepted or applied, or a fault was on all the time."]);
        lines.AddRange(List("Lost", Lost));
        lines.AddRange(List("Applied twice", AppliedTwice));
        lines.AddRange(List("Unexpected", Unexpected));
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> List(string title, IReadOnlyList<string> items) =>
        items.Count == 0 ? [] : ["", $"{title}:", .. items.Take(Shown).Select(item => $"  {item}")];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
