using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.Chaos.Stage;
using LeadSync.DevStack.Processes;
using LeadSync.DevStack.Truth;
using LeadSync.TestSupport;

namespace LeadSync.Chaos.Verdict;

/// <summary>Waits until no message and no gap is left, and writes the report.</summary>
internal sealed class Ending(Stack stack, FaultLog faults, RunDirectory run, Action<string> say)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    // The broker updates its counts every five seconds.
    private static readonly TimeSpan CountsAreNew = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan BetweenTellings = TimeSpan.FromSeconds(10);

    private readonly ViewComparison comparison = new(stack.Database, stack.Simulator.Http);
    private long lastTold = Stopwatch.GetTimestamp();

    public Task FirstReadAsync(CancellationToken stop) =>
        UntilAsync("the first read has ended", async () => (await StatusAsync(stop)).GetProperty("phase").GetString() == "in sync", stop);

    public async Task<ChaosReport> ReportAsync(
        int seed, int changes, long appendedBefore, List<string> unexpected, long started, CancellationToken stop)
    {
        var lastChange = Stopwatch.GetTimestamp();
        List<string> lost = [];
        IReadOnlyList<Delivery> deliveries = [];
        try
        {
            await UntilAsync("every notification is sent, every queue is empty, every gap is closed", () => IsQuietAsync(stop), stop);
            deliveries = await DeliveriesAsync(stop);
            lost.AddRange(await AcceptedInVainAsync(deliveries, stop));

            say("the last catch-up, and a comparison with everything");
            await OrderAsync("catch-up", "catchUp", "lastStartedAt", stop);
            await OrderAsync("full-comparison", "fullComparison", "lastRead.startedAt", stop);
            await UntilAsync(
                "the view equals Zoho", async () => (await comparison.DifferencesAsync(stop)).Count == 0, stop, TimeSpan.FromMinutes(3));
        }
        catch (TimeoutException e)
        {
            unexpected.Add(e.Message);
        }

        var caughtUp = Stopwatch.GetElapsedTime(lastChange);
        var differences = await comparison.DifferencesAsync(stop);
        lost.AddRange(
            differences.Where(difference => !difference.IsUnknown).DistinctBy(difference => difference.Id)
                .Select(difference => difference.Text));
        unexpected.AddRange(differences.Where(difference => difference.IsUnknown).Select(difference => difference.Text));
        unexpected.AddRange(Refused(deliveries, faults));
        unexpected.AddRange(
            stack.Replicas.SelectMany(replica => ServiceLogs.Unexpected(Path.Combine(run.Logs, $"{replica.Name}.log"), faults)));
        unexpected.AddRange((await stack.DeadLettersAsync(stop)).Select(queue => $"{queue.Value} messages in {queue.Key}"));
        unexpected.AddRange(await EventStore.ParkedAsync(stack.Database, stop));
        if (await EventStore.CountAsync(stack.Database, EventStore.RowsNobodyWrote, stop) is > 0 and var rows)
            unexpected.Add($"{rows} rows of the view that no event speaks of");
        return new ChaosReport(
            seed,
            deliveries.Count(delivery => delivery.IsAccepted),
            await EventStore.CountAsync(stack.Database, EventStore.Appended, stop) - appendedBefore,
            lost,
            await EventStore.AppliedTwiceAsync(stack.Database, stop),
            [.. unexpected.Distinct()],
            faults.Strikes,
            changes,
            deliveries.Count,
            Stopwatch.GetElapsedTime(started),
            faults.Quiet(TimeProvider.System.GetUtcNow()),
            caughtUp);
    }

    /// <summary>The refused notifications that no fault explains.</summary>
    internal static IEnumerable<string> Refused(IReadOnlyList<Delivery> deliveries, FaultLog faults) => deliveries
        .Where(delivery => !delivery.IsAccepted && !(delivery.IsExplainedByFault && faults.IsOn(delivery.At)))
        .Select(delivery => $"a notification was {delivery.Outcome} ({delivery.Status}) at {delivery.At:HH:mm:ss.fff}");

    // The leads that differ although the gateway accepted the notification of their latest change.
    private async Task<IReadOnlyList<string>> AcceptedInVainAsync(IReadOnlyList<Delivery> deliveries, CancellationToken stop)
    {
        var latest = deliveries.Where(delivery => delivery.IsAccepted && delivery.At > faults.LastWipe)
            .GroupBy(delivery => delivery.Id)
            .ToDictionary(lead => lead.Key, lead => lead.MaxBy(delivery => delivery.At)!);
        var differing = (await comparison.DifferencesAsync(stop)).ToLookup(difference => difference.Id);
        List<string> lost = [];
        await foreach (var lead in comparison.LeadsAsync(stop))
        {
            var id = lead.GetProperty("id").GetString()!;
            if (differing.Contains(id) && latest.TryGetValue(id, out var announced) && IsLatest(announced, lead))
                lost.Add($"{differing[id].First()}, although {announced.Operation} was accepted at {announced.At:HH:mm:ss.fff}");
        }

        return lost;
    }

    private static bool IsLatest(Delivery announced, JsonElement lead) => lead.GetProperty("alive").GetBoolean()
        ? announced.Operation != "Delete" && announced.ModifiedTime == lead.GetProperty("Modified_Time").GetDateTimeOffset()
        : announced.Operation == "Delete";

    private async Task<bool> IsQuietAsync(CancellationToken stop)
    {
        if (await WhyNotQuietAsync(stop) is { } first)
        {
            Tell(first);
            return false;
        }

        await Task.Delay(CountsAreNew, TimeProvider.System, stop);
        return await WhyNotQuietAsync(stop) is null;
    }

    private void Tell(string waitsFor)
    {
        if (Stopwatch.GetElapsedTime(lastTold) < BetweenTellings)
            return;

        lastTold = Stopwatch.GetTimestamp();
        say($"waits: {waitsFor}");
    }

    private async Task<string?> WhyNotQuietAsync(CancellationToken stop)
    {
        var statistics = await stack.Simulator.Http.GetFromJsonAsync<JsonElement>("control/statistics", stop);
        if (statistics.GetProperty("deliveriesWaiting").GetInt32() is > 0 and var waiting)
            return $"{waiting} notifications are not sent yet";

        var queues = (await stack.MessagesAsync(stop)).Where(queue => !Stack.IsDead(queue.Key) && queue.Value > 0).ToList();
        if (queues.Count > 0)
            return string.Join(", ", queues.Select(queue => $"{queue.Value} messages in {queue.Key}"));

        var status = await StatusAsync(stop);
        return status switch
        {
            _ when status.GetProperty("gaps").GetProperty("open").GetArrayLength() is > 0 and var gaps => $"{gaps} gaps are open",
            _ when !IsNull(status, "catchUp.id") => "a catch-up goes on",
            _ when !IsNull(status, "run") => $"a bulk read goes on: {Member(status, "run.pages")}",
            _ => null,
        };
    }

    // The action is done when the status names a later start than before, and nothing runs.
    private async Task OrderAsync(string order, string part, string start, CancellationToken stop)
    {
        var before = Member(await StatusAsync(stop), $"{part}.{start}").ToString();
        using var answer = await stack.Scheduler.PostAsync(order, null, stop);
        answer.EnsureSuccessStatusCode();
        await UntilAsync($"a {order} is applied", async () =>
        {
            var status = await StatusAsync(stop);
            return Member(status, $"{part}.{start}").ToString() != before
                && IsNull(status, "run") && IsNull(status, "catchUp.id")
                && !Member(status, "fullComparison.isComparing").GetBoolean();
        }, stop);
    }

    private static bool IsNull(JsonElement status, string path) => Member(status, path).ValueKind == JsonValueKind.Null;

    private static JsonElement Member(JsonElement json, string path) =>
        path.Split('.').Aggregate(json, (part, name) => part.ValueKind == JsonValueKind.Object ? part.GetProperty(name) : part);

    private Task<JsonElement> StatusAsync(CancellationToken stop) => stack.Scheduler.GetFromJsonAsync<JsonElement>("status", stop);

    private async Task<IReadOnlyList<Delivery>> DeliveriesAsync(CancellationToken stop) =>
        (await stack.Simulator.Http.GetFromJsonAsync<Delivery[]>("control/deliveries", stop))!;

    private static Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken stop, TimeSpan? patience = null) =>
        Wait.UntilAsync(what, condition, patience ?? Patience, stop);
}
