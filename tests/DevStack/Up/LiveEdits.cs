using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.DevStack.Up;

/// <summary>
/// Edits leads in the simulated Zoho at the rate of a sales team, and measures when the view shows each edit.
/// </summary>
internal sealed class LiveEdits(HttpClient simulator, View view)
{
    private const int RememberedLatencies = 1_000;
    private const string Company = "Live edit ";

    private static readonly TimeSpan BetweenEdits = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    private readonly Lock arriving = new();
    private readonly Queue<TimeSpan> latencies = new();
    private readonly Random random = new();
    private int made;
    private int arrived;
    private string last = "none yet";
    private string phase = "";

    private enum Kind
    {
        Create,
        Edit,
        Delete,
    }

    public string Summary =>
        $"{made:N0} edits, {arrived:N0} of them in the view, half within {Latency(0.5):0.00} s, 95 % within {Latency(0.95):0.00} s; "
            + $"{phase}; the last: {last}";

    public IRenderable Picture() => new Rows(
        new Text($"  edits      {made:N0} made, {arrived:N0} in the view"),
        new Text($"  delay      half within {Latency(0.5):0.00} s, 95 % within {Latency(0.95):0.00} s"),
        new Text($"  the last   {last}"),
        new Text($"  the sync   {phase}"));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Task> underWay = [];
        using var timer = new PeriodicTimer(BetweenEdits);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            underWay.Add(EditAsync(++made, cancellationToken));
            await Task.WhenAll(underWay.Where(edit => edit.IsFaulted));
            underWay.RemoveAll(edit => edit.IsCompleted);
            phase = await view.PhaseAsync(cancellationToken);
        }
    }

    private async Task EditAsync(int number, CancellationToken cancellationToken)
    {
        var kind = random.Next(10) switch { 0 => Kind.Create, 1 => Kind.Delete, _ => Kind.Edit };
        var values = new Dictionary<string, string> { ["Last_Name"] = "Live", ["Company"] = $"{Company}{number}" };
        var started = Stopwatch.GetTimestamp();
        using var answer = await simulator.PostAsJsonAsync(
            $"control/leads/{kind.ToString().ToLowerInvariant()}", new { values }, cancellationToken);
        var changed = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Changed>(cancellationToken);

        using var timer = new PeriodicTimer(BetweenLooks);
        foreach (var id in changed!.Ids)
        {
            while (!Shows(await view.CompanyAsync(id, cancellationToken), kind, number))
                await timer.WaitForNextTickAsync(cancellationToken);
            Note(
                Stopwatch.GetElapsedTime(started),
                $"{id} {kind switch { Kind.Create => "created", Kind.Delete => "deleted", _ => "edited" }}");
        }
    }

    // The seconds within which a share of the latest edits arrived.
    private double Latency(double share)
    {
        lock (arriving)
            return latencies.Count == 0 ? 0 : latencies.Order().ElementAt((int)((latencies.Count - 1) * share)).TotalSeconds;
    }

    // A later edit may have overtaken this one before the view was read.
    private static bool Shows(string? company, Kind kind, int number) => (company, kind) switch
    {
        (null, _) => kind != Kind.Create,
        (_, Kind.Delete) => false,
        _ =>
            company.StartsWith(Company, StringComparison.Ordinal)
                && int.Parse(company.AsSpan(Company.Length), CultureInfo.InvariantCulture) >= number,
    };

    private void Note(TimeSpan latency, string edit)
    {
        lock (arriving)
        {
            arrived++;
            last = $"lead {edit}, in the view after {latency.TotalSeconds:0.00} s";
            latencies.Enqueue(latency);
            if (latencies.Count > RememberedLatencies)
                latencies.Dequeue();
        }
    }

    private sealed record Changed(IReadOnlyList<string> Ids);
}
