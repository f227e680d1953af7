using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using CsvHelper;

namespace LeadSync.ZohoSimulator.Tests;

/// <summary>Runs bulk reads like a client.</summary>
internal sealed class BulkReads(SimulatedZoho zoho) : IAsyncDisposable
{
    /// <summary>The request's body for every lead.</summary>
    public static object AllLeads { get; } = new { query = new { module = new { api_name = "Leads" } } };

    public SimulatedZoho Zoho => zoho;

    public static async Task<BulkReads> StartAsync(params string[] settings) =>
        new(await SimulatedZoho.StartAsync(["BulkAddedFor=0", "BulkQueuedFor=0", "BulkInProgressFor=00:00:00.010", .. settings]));

    /// <returns>The job's id.</returns>
    public async Task<string> CreateAsync(string version, object body)
    {
        var created = await zoho.PostAsync($"/crm/bulk/{version}/read", body);
        created.Status.ShouldBe(HttpStatusCode.Created, $"{created.Body}");
        return $"{created.Data[0].GetProperty("details").GetProperty("id")}";
    }

    public async Task<JsonElement> CompleteAsync(string version, object body) =>
        await CompletedAsync(version, await CreateAsync(version, body));

    public async Task<JsonElement> CompletedAsync(string version, string id)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var job = (await zoho.GetAsync($"/crm/bulk/{version}/read/{id}")).Data[0];
            if ($"{job.GetProperty("state")}" is "COMPLETED" or "FAILURE")
                return job;

            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    /// <summary>The request's body for the page after this job's page; null after the last page.</summary>
    public static object? Next(JsonElement job, int page)
    {
        var result = job.GetProperty("result");
        if (!result.GetProperty("more_records").GetBoolean())
            return null;

        return result.TryGetProperty("next_page_token", out var token)
            ? new { query = new { page_token = token } }
            : new { query = new { module = new { api_name = "Leads" }, page } };
    }

    public async Task<(HttpStatusCode Status, byte[] File)> DownloadAsync(JsonElement job)
    {
        using var response = await zoho.Client.GetAsync($"{job.GetProperty("result").GetProperty("download_url")}");
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    public async Task<IReadOnlyList<Dictionary<string, string>>> RowsAsync(JsonElement job)
    {
        var (_, file) = await DownloadAsync(job);
        using var zip = new ZipArchive(new MemoryStream(file));
        using var csv = CsvReader.Create(await zip.Entries.Single().OpenAsync());
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read())
            rows.Add(csv.Headers.Index().ToDictionary(column => column.Item, column => csv.GetString(column.Index)));
        return rows;
    }

    public static int Entries(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        return zip.Entries.Count;
    }

    /// <summary>Whether a cell and a member of a record have the same value.</summary>
    public static bool CellSays(string cell, JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Null => cell.Length == 0,
        JsonValueKind.Number => decimal.Parse(cell, CultureInfo.InvariantCulture) == member.Value.GetDecimal(),
        JsonValueKind.Object => cell == $"{member.Value.GetProperty("id")}",
        JsonValueKind.Array when member.Name == "Tag" => cell == string.Join(',', member.Value.Each("name")),
        JsonValueKind.Array when member.Name == "Territories" => cell == string.Join(',', member.Value.Each("id")),
        JsonValueKind.Array => cell == string.Join(';', member.Value.EnumerateArray()),
        JsonValueKind.String => cell == member.Value.GetString(),
        _ => cell == member.Value.GetRawText(),
    };

    public ValueTask DisposeAsync() => zoho.DisposeAsync();
}
