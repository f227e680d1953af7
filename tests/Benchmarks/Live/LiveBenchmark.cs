using System.Net.Http.Json;
using System.Text;
using LeadSync.Benchmarks.Floors;
using LeadSync.Benchmarks.Leads;
using LeadSync.Benchmarks.Pages;
using LeadSync.Benchmarks.Report;
using LeadSync.Benchmarks.Stack;
using LeadSync.Contracts;
using Npgsql;

namespace LeadSync.Benchmarks.Live;

/// <summary>
/// From a notification to the visible row, with reading the lead from Zoho: the time at a steady pace, and the most changes a second.
/// </summary>
internal static class LiveBenchmark
{
    private const int PerSecond = 500;
    private const int UnderWay = 1_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var stack = await BenchStack.StartAsync(bench.Infrastructure, bench.Run, cancellationToken);
        var page = await PageFiles.WriteAsync(bench, "live", new LeadPage(bench.Seed, 0, LiveLoad.Leads), cancellationToken);
        await stack.ProjectAsync(page.Page, page.Zip, cancellationToken);
        await stack.Surroundings.Bus.Publish(new RenewChannel(TimeSpan.FromDays(1)), cancellationToken);
        await stack.Surroundings.Announcements.Of(AnnouncementConsumer.Channel).WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);

        // The benchmark reads the table a few hundred times a second, so reading must be cheap, also in a table that began empty.
        await using var looking = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(stack.Postgres)
            {
                MaxAutoPrepare = 20, NoResetOnClose = true, Options = "-c enable_seqscan=off"
            });
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
        var (floorSteady, floorRate) = await FloorAsync(bench, stack, http, looking, cancellationToken);
        var ours = new LiveLoad(
            (number, id) => NotifyAsync(http, stack.Surroundings.Zoho, bench.Seed, number, id), looking, "legacy.leads");
        var (steady, rate) = await MeasureAsync(bench, "LeadSync", ours, cancellationToken);
        var (idle, behind) = await FeedReader.FollowAsync(
            stack.Postgres, () => ours.SteadyAsync(PerSecond, bench.Duration, cancellationToken), cancellationToken);
        var (feed, slowest) = (Figure.Quantile(behind, 0.5), Figure.Quantile(behind, 0.99));
        Bench.Say($"change feed: p50 {feed:0.0} ms, p99 {slowest:0.0} ms behind the view, {behind.Count:N0} changes");
        return
        [
            new(
                $"live, {PerSecond} changes/s: p50", "ms", Figure.Quantile(floorSteady, 0.5), Figure.Quantile(steady, 0.5), Must: 3,
                Aim: 2),
            new(
                $"live, {PerSecond} changes/s: p99", "ms", Figure.Quantile(floorSteady, 0.99), Figure.Quantile(steady, 0.99), Must: 5,
                Aim: 2),
            new("live, changes per second without growing lag", "/s", floorRate, rate, Must: 0.3, Aim: 0.6),
            // The floor is a reading that finds nothing.
            new(
                $"change feed, {PerSecond} changes/s: a reader behind the view, p99", "ms", Figure.Quantile(idle, 0.99), slowest, Must: 50,
                Aim: 50)
            {
                IsAbsolute = true,
            },
        ];
    }

    private static async Task<(IReadOnlyList<double> Steady, double Rate)> FloorAsync(
        Bench bench, BenchStack stack, HttpClient http, NpgsqlDataSource looking, CancellationToken cancellationToken)
    {
        await using var host = await LiveFloor.StartAsync(stack, bench.Run, cancellationToken);
        var load = new LiveLoad((number, id) => LiveFloor.SendAsync(http, host.Address, bench.Seed, number, id), looking, "floor.leads");
        var measured = await MeasureAsync(bench, "floor", load, cancellationToken);
        // Otherwise PostgreSQL would vacuum the table during the other measurement.
        await using var drop = stack.Database.CreateCommand("drop table floor.leads");
        await drop.ExecuteNonQueryAsync(cancellationToken);
        return measured;
    }

    private static async Task<(IReadOnlyList<double> Steady, double Rate)> MeasureAsync(
        Bench bench, string name, LiveLoad load, CancellationToken cancellationToken)
    {
        await load.AtLimitAsync(UnderWay, WarmUp, cancellationToken);
        double[] steady = [.. await load.SteadyAsync(PerSecond, bench.Duration, cancellationToken)];
        var rate = await load.AtLimitAsync(UnderWay, bench.Duration, cancellationToken);
        Bench.Say(
            $"live, {name}: p50 {Figure.Quantile(steady, 0.5):0.0} ms, p99 {Figure.Quantile(steady, 0.99):0.0} ms, at most {rate:N0}/s");
        return (steady, rate);
    }

    private static async Task NotifyAsync(HttpClient http, InstantZoho zoho, int seed, int number, string id)
    {
        var (channel, token, url) = zoho.Channel!.Value;
        zoho.Show(id, InstantZoho.Record(id, TimeProvider.System.GetUtcNow(), LiveLead.Cells(seed, number)));
        var body = new { module = "Leads", channel_id = channel, token, operation = "update", ids = new[] { id } };
        using var answer = await http.PostAsJsonAsync(url, body);
        answer.EnsureSuccessStatusCode();
    }
}

/// <summary>The content of a lead after a change.</summary>
internal static class LiveLead
{
    public static IEnumerable<string> Cells(int seed, int number) => LeadPage.Cells(seed, number % LiveLoad.Leads, version: number)
        .Zip(LeadColumns.All, (cell, column) => column.ApiName == "Campaign_Code" ? LiveLoad.Mark(number) : cell);

    public static byte[] Row(string id, DateTimeOffset modifiedTime, IEnumerable<string> cells)
    {
        var row = new System.Text.Json.Nodes.JsonObject { ["id"] = id, ["modified_time"] = LeadColumns.Instant(modifiedTime.UtcDateTime) };
        foreach (var (column, cell) in LeadColumns.All.Zip(cells).Where(entry => entry.Second.Length > 0))
            row[column.ApiName.ToLowerInvariant()] = cell;
        return Encoding.UTF8.GetBytes(row.ToJsonString());
    }
}
