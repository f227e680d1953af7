using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Telemetry;

/// <summary>A sync that sends its spans to the test.</summary>
public sealed class TracedSync(SharedServers shared) : IAsyncLifetime
{
    internal const int Leads = 3_000;

    private RunningSync? sync;
    private OtlpReceiver? receiver;

    public RunningSync Sync => sync!;

    internal OtlpReceiver Receiver => receiver!;

    public async ValueTask InitializeAsync()
    {
        receiver = await OtlpReceiver.StartAsync();
        sync = await RunningSync.StartAsync(shared, Leads, receiver.Settings);
        await sync.InSync();
    }

    public async ValueTask DisposeAsync()
    {
        if (sync is not null)
            await sync.DisposeAsync();
        if (receiver is not null)
            await receiver.DisposeAsync();
    }
}

/// <summary>The traces that an operator sees in Jaeger.</summary>
public sealed class TraceTests(TracedSync traced) : IClassFixture<TracedSync>
{
    private const int Changes = 1_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => traced.Sync;

    [Fact]
    public async Task nearly_every_change_is_one_whole_trace_from_the_notification_to_the_row()
    {
        await Sync.Change("edit", new { count = Changes, values = new { Last_Name = "Traced" } });
        await RunningSync.Until("the changes are in the view", async () =>
            Equals(await Sync.Value("select count(*) from legacy.leads where last_name = 'Traced'"), (long)Changes));
        var traces = await TracesOf("data ->> 'Source' = 'Notification' and data -> 'Fields' ->> 'Last_Name' = 'Traced'");

        traces.Count.ShouldBeGreaterThanOrEqualTo(Changes);
        await NearlyAllAreWhole(traces);
    }

    /// <summary>Needs an idle machine, so it runs only with <c>--explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public async Task nearly_every_change_is_one_whole_trace_at_500_changes_a_second()
    {
        var before = (long)(await Sync.Value("select max(seq_id) from projector.mt_events"))!;
        await Sync.Zoho.PostAsJsonAsync("/control/stream/start", new { perSecond = 500, seconds = 60 }, Stop);
        await RunningSync.Until("the last change was made in Zoho", async () =>
            !(await Sync.Zoho.GetFromJsonAsync<JsonElement>("/control/stream", Stop)).GetProperty("runs").GetBoolean(),
            TimeSpan.FromMinutes(2));
        await Truth.ShouldBeTheView(Sync);

        var traces = await TracesOf($"seq_id > {before} and data ->> 'Source' = 'Notification'");
        var incomplete = await NearlyAllAreWhole(traces);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{traces.Count - incomplete} of {traces.Count} traces are whole, of {traced.Receiver.Spans.Count} spans.");
    }

    [Fact]
    public async Task a_bulk_page_is_one_trace_with_a_span_for_each_batch()
    {
        ReceivedSpan[] page = [];
        await RunningSync.Until("the page's spans are received", () =>
        {
            var trace = traced.Receiver.Spans.FirstOrDefault(IsBatch)?.TraceId;
            page = [.. traced.Receiver.Spans.Where(span => span.TraceId == trace)];
            return Task.FromResult(page.Length > 0 && HasItsParents(page));
        });

        page.Select(span => span.Name).ShouldContain("bulk-page-ready process");
        page.Where(IsBatch).Sum(span => int.Parse(span.Attributes["leadsync.leads"], CultureInfo.InvariantCulture))
            .ShouldBe(TracedSync.Leads);
        page.Count(span => span.Service == "projector" && !IsOfOneLead(span)).ShouldBeLessThan(TracedSync.Leads / 10);
    }

    [Fact]
    public async Task metrics_are_exported_to_the_same_address() =>
        await RunningSync.Until("each service has sent a metric of its own", () => Task.FromResult(
        ((string[])["leadsync.leads.folded", "leadsync.gateway.zoho.credits", "leadsync.last_good_sync.age"])
            .All(traced.Receiver.HasMetric)));

    [Fact]
    public async Task no_span_holds_a_lead_or_a_secret()
    {
        var id = (
            await Sync.Change(
                "edit", new { count = 1, values = new { Last_Name = "Confidential", Email = "confidential@example.com" } })).Single();
        await RunningSync.Until(
            "the change is in the view",
            async () => await Sync.Value("select email from legacy.leads where id = $1", id) is "confidential@example.com");
        var trace = (await TracesOf("data -> 'Fields' ->> 'Last_Name' = 'Confidential'"))[0];
        await RunningSync.Until("its spans are received", () =>
            Task.FromResult(IsWhole([.. traced.Receiver.Spans.Where(span => span.TraceId == trace)])));

        var told = string.Join('\n', traced.Receiver.Spans.SelectMany(span => span.Attributes.Values.Append(span.Name)).Distinct());

        foreach (var secret in new[] { "onfidential", "local-secret", "1000.local.refresh", "Zoho-oauthtoken" })
            told.ShouldNotContain(secret);
    }

    [Fact]
    public async Task a_replay_is_a_new_trace_that_links_to_the_failed_one()
    {
        const string failed = "4bf92f3577b34da6a3ce929d0e0e4736";
        await Sync.Value(
            """
            insert into parking.parked (service, kind, key, origin, reason, content, properties)
            values ('gateway', 'message', 'replayed', 'leads-announced', 'It failed.', convert_to($1, 'UTF8'), $2::text::jsonb)
            """,
            """
            {"messageId":"4fd0e4c9-3a2b-4c5d-9e6f-7a8b9c0d1e2f","messageType":["urn:message:LeadSync.Contracts:LeadsAnnounced"],
             "message":{"ids":["1"],"source":"Notification","announcedAt":"2026-11-24T12:00:00Z","attempt":0}}
            """,
            $$"""
            {"contentType":"application/vnd.masstransit+json","messageId":"4fd0e4c9-3a2b-4c5d-9e6f-7a8b9c0d1e2f",
             "headers":{"MT-Activity-Id":"00-{{failed}}-00f067aa0ba902b7-01"} }
            """);

        (await Sync.Scheduler.PostAsync("/parked/replay", null, Stop)).EnsureSuccessStatusCode();

        await RunningSync.Until("the replay's spans are received", () => Task.FromResult(traced.Receiver.Spans
            .Where(span => span.Name == "replay message" && span.LinkedTraces.Contains(failed))
            .Any(replay => traced.Receiver.Spans.Any(span => span.TraceId == replay.TraceId && span.Name == "leads-announced receive"))));
        traced.Receiver.Spans.ShouldNotContain(span => span.TraceId == failed);
    }

    /// <returns>The number of changes without a complete trace: at most one of a thousand.</returns>
    private async Task<int> NearlyAllAreWhole(IReadOnlyList<string> traces)
    {
        var incomplete = -1;
        await RunningSync.Until("the spans are received", () =>
        {
            var received = traced.Receiver.Spans.ToLookup(span => span.TraceId);
            incomplete = traces.Count(trace => !IsWhole([.. received[trace]]));
            return Task.FromResult(incomplete <= traces.Count / 1_000);
        });
        return incomplete;
    }

    // The leads of the first page are new.
    private static bool IsBatch(ReceivedSpan span) => span.Name is "append batch";

    // The gateway reads a lead alone when the page leaves its rich text unknown.
    private static bool IsOfOneLead(ReceivedSpan span) => span.Name is "hydrate lead" or "fold lead";

    private static bool HasItsParents(ReceivedSpan[] trace)
    {
        var ids = trace.Select(span => span.Id).ToHashSet();
        return trace.Count(span => span.ParentId is null) == 1
            && trace.All(span => span.ParentId is null || ids.Contains(span.ParentId));
    }

    private static bool IsWhole(ReceivedSpan[] trace)
    {
        return HasItsParents(trace)
            && Has("gateway", "POST /zoho/notifications") && Has("gateway", "hydrate lead") && Has("projector", "fold lead");

        bool Has(string service, string name) => trace.Any(span => span.Service == service && span.Name == name);
    }

    private async Task<IReadOnlyList<string>> TracesOf(string events)
    {
        await using var command = Sync.Database.CreateCommand($"select correlation_id from projector.mt_events where {events}");
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var traces = new List<string>();
        while (await reader.ReadAsync(Stop))
            traces.Add(reader.GetString(0));
        return traces;
    }
}
