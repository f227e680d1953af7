using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Cli;
using LeadSync.IntegrationTests.ConsolePages;
using LeadSync.IntegrationTests.Sync;
using Npgsql;

namespace LeadSync.IntegrationTests.Surfaces;

/// <summary>What every surface of a sync says at about the same moment.</summary>
/// <param name="Code">The HTTP status of <c>GET /status</c>; null without an answer.</param>
/// <param name="Status">The answer of <c>GET /status</c>, also while the scheduler cannot read its database.</param>
/// <param name="Command"><c>leadsync status</c>.</param>
/// <param name="Row">The row of <c>legacy.sync_status</c>; null when it could not be read.</param>
/// <param name="InSyncGauge">The metric <c>leadsync_in_sync</c>; null when it is not exported.</param>
/// <param name="ReasonGauges">The values of the label of <c>leadsync_reason</c> that are 1.</param>
/// <param name="NotReady">The services whose <c>/health/ready</c> does not answer 200.</param>
/// <param name="NotAlive">The services whose <c>/health/live</c> does not answer 200.</param>
/// <param name="Pages">The console's open pages.</param>
internal sealed partial record Seen(
    HttpStatusCode? Code, JsonElement Status, CommandResult Command, RowSeen? Row, int? InSyncGauge, string[] ReasonGauges,
    string[] NotReady, string[] NotAlive, PageSeen[] Pages)
{
    // Longer than the scheduler takes for an answer while its database hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    // docs/view.md: an older row means nothing.
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public string Sentence => Status.ValueKind == JsonValueKind.Object
        ? Status.GetProperty("sentence").GetProperty("text").GetString()! : "";

    public (string Kind, string Text, string Help)[] Reasons => Status.ValueKind != JsonValueKind.Object ? [] :
    [
        .. Status.GetProperty("reasons").EnumerateArray().Select(reason => (reason.GetProperty("kind").GetString()!,
            reason.GetProperty("text").GetString()!, reason.GetProperty("help").GetString()!)),
    ];

    public static async Task<Seen> Look(RunningSync sync, IEnumerable<ConsolePage> pages)
    {
        var services = sync.Services;
        // First, because it waits for half a minute when no scheduler answers.
        var command = await CommandLine.Run(sync, "status");
        var status = Get(services.Scheduler, "/status");
        var metrics = Get(services.Scheduler, "/metrics");
        var row = RowSeen.Read(sync);
        var shown = Task.WhenAll(pages.Select(PageSeen.Read));
        ServiceProcess[] all = [services.Gateway, services.Projector, services.Scheduler];
        var ready = Task.WhenAll(all.Select(service => Get(service, "/health/ready")));
        var live = Task.WhenAll(all.Select(service => Get(service, "/health/live")));
        string[] names = ["gateway", "projector", "scheduler"];
        var (code, text) = await status;
        var exported = (await metrics).Text;
        return new Seen(
            code,
            text.StartsWith('{') ? JsonSerializer.Deserialize<JsonElement>(text) : default,
            command,
            await row,
            InSyncMetric().Match(exported) is { Success: true } found ? (int)double.Parse(found.Groups[1].Value, null) : null,
            [.. ReasonMetric().Matches(exported).Select(reason => reason.Groups[1].Value).Order()],
            [.. names.Zip(await ready).Where(one => one.Second.Code != HttpStatusCode.OK).Select(one => one.First)],
            [.. names.Zip(await live).Where(one => one.Second.Code != HttpStatusCode.OK).Select(one => one.First)],
            await shown);
    }

    /// <returns>What is not as the situation is, or as another surface says.</returns>
    public IEnumerable<string> Untruths(Situation truth)
    {
        var (reasons, sentence) = (Reasons, Sentence);
        foreach (var page in Pages)
        {
            foreach (var wrong in page.Untruths(truth, truth.Sight == Sight.Gone ? "The scheduler does not answer." : sentence,
                reasons.Length))
                yield return wrong;
        }

        if (Row is { } row && truth is { HasOldRow: false, Sight: Sight.Clear })
        {
            if (row.InSync != truth.InSync || row.Age > LongestAge
                || (Status.ValueKind == JsonValueKind.Object && row.Phase != Status.GetProperty("phase").GetString()))
                yield return $"legacy.sync_status: {row}";
        }
        else if (truth is { HasOldRow: true } && !(Row?.Age > LongestAge))
        {
            yield return $"legacy.sync_status is too young: {Row}";
        }
        else if (truth is { HasOldRow: false, Sight: Sight.Clear })
        {
            yield return "legacy.sync_status could not be read";
        }

        if (!NotReady.SequenceEqual(truth.NotReady))
            yield return $"not ready: {string.Join(", ", NotReady)}";
        if (NotAlive.Except(truth.NotReady).Any())
            yield return $"not alive: {string.Join(", ", NotAlive)}";

        if (truth.Sight == Sight.Gone)
        {
            if (Code is not null || Command.ExitCode != 3 || InSyncGauge is not null)
                yield return $"/status {Code}, `status` {Command.ExitCode}, leadsync_in_sync {InSyncGauge}";
            yield break;
        }

        if (Status.ValueKind != JsonValueKind.Object)
        {
            yield return $"/status answers {Code} without a verdict";
            yield break;
        }

        if (Code != (truth.Sight == Sight.Clear ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable))
            yield return $"/status answers {Code}";
        if (Status.GetProperty("inSync").GetBoolean() != truth.InSync
            || Status.GetProperty("sentence").GetProperty("tone").GetString() != truth.Tone)
            yield return $"/status: {Status.GetProperty("inSync")} {Status.GetProperty("sentence")}";
        if (truth.Reason is { } kind ? reasons.All(reason => reason.Kind != kind) : reasons.Length > 0)
            yield return $"the reasons are {string.Join(", ", reasons.Select(reason => reason.Kind))}";
        if (Status.TryGetProperty("phase", out var phase) && phase.GetString() == "in sync"
            && !truth.InSync && reasons.Any(reason => reason.Kind != "parked"))
            yield return "the phase is in sync";

        var (exitCode, said) = truth.Sight == Sight.Clear ? (truth.InSync ? 0 : 1, Command.Output) : (3, Command.Error);
        if (Command.ExitCode != exitCode || !Words(said).StartsWith(Words(sentence), StringComparison.Ordinal))
            yield return $"`status` exits with {Command.ExitCode} and says {said.Split('\n')[0]}{Command.Error}";

        if (InSyncGauge != (truth.InSync ? 1 : 0))
            yield return $"leadsync_in_sync is {InSyncGauge}";
        string[] kinds = [.. reasons.Select(reason => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.Kind)).Distinct().Order()];
        if (!ReasonGauges.SequenceEqual(kinds))
            yield return $"leadsync_reason is {string.Join(", ", ReasonGauges)} instead of {string.Join(", ", kinds)}";
    }

    /// <summary>A text without its numbers and durations, which two surfaces cannot show at exactly the same moment, and with one way to
    /// lose a connection, which depends on the moment too.</summary>
    public static string Words(string text)
    {
        text = text.Replace("just now", "1 s ago", StringComparison.Ordinal)
            .Replace("Connection reset by peer", "Connection refused", StringComparison.Ordinal);
        return Whitespace().Replace(Statement().Replace(Number().Replace(text, "#"), "cannot execute #"), " ").Trim();
    }

    private static async Task<(HttpStatusCode? Code, string Text)> Get(ServiceProcess service, string path)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Patience);
        try
        {
            using var answer = await service.Http.GetAsync(path, patience.Token);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(patience.Token));
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException || patience.IsCancellationRequested)
        {
            Stop.ThrowIfCancellationRequested();
            return (null, "");
        }
    }

    [GeneratedRegex(@"^leadsync_in_sync\{[^}]*\} (\S+)", RegexOptions.Multiline)]
    private static partial Regex InSyncMetric();

    [GeneratedRegex("""^leadsync_reason\{[^}]*reason="([^"]+)"[^}]*\} 1\b""", RegexOptions.Multiline)]
    private static partial Regex ReasonMetric();

    [GeneratedRegex(@"((\d[\d.,:]*\d|\d)( (ms|s|min|h|d|seconds?|minutes?|hours?|days?)\b)? ?)+(?<! )")]
    private static partial Regex Number();

    // PostgreSQL names the statement that it refused. Several services send statements.
    [GeneratedRegex(@"cannot execute \S+")]
    private static partial Regex Statement();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}

/// <summary>The row of <c>legacy.sync_status</c>.</summary>
internal sealed record RowSeen(bool InSync, TimeSpan Age, string Phase)
{
    public static async Task<RowSeen?> Read(RunningSync sync)
    {
        try
        {
            await using var command = sync.Database.CreateCommand(
                "select in_sync, clock_timestamp() - checked_at, phase from legacy.sync_status");
            await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            return await row.ReadAsync() ? new(row.GetBoolean(0), row.GetTimeSpan(1), row.GetString(2)) : null;
        }
        // A database that begins to refuse writes ends every session.
        catch (NpgsqlException)
        {
            return null;
        }
    }
}

/// <summary>What a page of the console shows.</summary>
/// <param name="Lost">The line that says from when the content is; empty when it is present.</param>
/// <param name="Sideways">How far the page can be scrolled sideways, in pixels.</param>
internal sealed record PageSeen(string Text, string Tone, string Title, string Icon, int Reasons, string Lost, int Sideways)
{
    public static async Task<PageSeen> Read(ConsolePage page) => JsonSerializer.Deserialize<PageSeen>(
        await page.Page.EvaluateAsync<string>("""
            JSON.stringify({
              text: document.getElementById("sentence").textContent,
              tone: document.getElementById("sentence").dataset.tone,
              title: document.title,
              icon: document.querySelector("link[rel=icon]").getAttribute("href").split("/").at(-1),
              reasons: document.querySelectorAll("#reasons a").length,
              lost: document.getElementById("lost").hidden ? "" : document.getElementById("lost").textContent,
            })
            """), JsonSerializerOptions.Web)! with { Sideways = await page.SidewaysAsync() };

    public IEnumerable<string> Untruths(Situation truth, string sentence, int reasons)
    {
        var (sign, icon) = truth.Tone switch
        {
            "good" => ("", "icon.svg"),
            "busy" => ("… ", "icon-busy.svg"),
            _ => ("✖ ", "icon-bad.svg"),
        };
        if (sentence == "" || Seen.Words(Text) != Seen.Words(sentence) || Tone != truth.Tone || Icon != icon || Reasons != reasons
            || Sideways != 0 || !Title.StartsWith($"{sign}{sentence[..1]}", StringComparison.Ordinal)
            || (Lost == "") != (truth.Sight == Sight.Clear))
            yield return $"{this}";
    }
}
