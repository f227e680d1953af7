using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>
/// Compares <c>legacy.leads</c> with what the simulated Zoho holds, field by field, by the operators' contract alone: written apart from the services' own
/// conversions on purpose.
/// </summary>
internal static class Truth
{
    /// <summary>Waits until the view shows every lead as Zoho has it, and no other.</summary>
    public static async Task ShouldBeTheView(RunningSync sync)
    {
        string[] differences = [];
        try
        {
            await RunningSync.Until("the view equals Zoho", async () => (differences = await Differences(sync)).Length == 0);
        }
        catch (TimeoutException)
        {
            differences.ShouldBeEmpty();
        }
    }

    private static async Task<string[]> Differences(RunningSync sync)
    {
        var types = await ColumnTypes(sync.Database);
        var shown = await View(sync.Database);
        var differences = new List<string>();
        await foreach (var lead in Leads(sync.Zoho))
        {
            var id = lead.GetProperty("id").GetString()!;
            var alive = lead.GetProperty("alive").GetBoolean();
            if (!shown.Remove(id, out var row))
            {
                if (alive)
                    differences.Add($"{id} is missing");
                continue;
            }

            if (!alive)
                differences.Add($"{id} is gone in Zoho");
            else
                differences.AddRange(Fields(lead).Where(field => types.ContainsKey(field.Column) && Expected(field.Value, types[field.Column]) != Shown(row, field.Column, types[field.Column]))
                    .Select(field => $"{id}.{field.Column} is {Shown(row, field.Column, types[field.Column])}, in Zoho {Expected(field.Value, types[field.Column])}"));
        }

        differences.AddRange(shown.Keys.Select(id => $"{id} is unknown in Zoho"));
        return [.. differences.Take(10)];
    }

    private static IEnumerable<(string Column, JsonElement Value)> Fields(JsonElement lead) =>
        lead.GetProperty("record").EnumerateObject().Select(field => (field.Name.ToLowerInvariant(), field.Value));

    private static string? Expected(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when value.GetString() is "" => null,
        JsonValueKind.Object => value.GetProperty("id").GetString(),
        JsonValueKind.Array => Joined(value.EnumerateArray().Select(member =>
            member.ValueKind == JsonValueKind.Object ? member.GetProperty("name").GetString()! : member.GetString()!)),
        JsonValueKind.String => Canonical(value.GetString()!, type),
        _ => Canonical(value.GetRawText(), type),
    };

    private static string? Shown(JsonElement row, string column, string type) =>
        row.TryGetProperty(column, out var value) && value.ValueKind != JsonValueKind.Null
            ? Canonical(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), type)
            : null;

    private static string Canonical(string value, string type) => type switch
    {
        "numeric" => decimal.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("0.#############", CultureInfo.InvariantCulture),
        "timestamp with time zone" => DateTimeOffset.Parse(value, CultureInfo.InvariantCulture).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        _ => value,
    };

    private static string? Joined(IEnumerable<string> members) =>
        string.Join(';', members.Order(StringComparer.Ordinal)) is { Length: > 0 } joined ? joined : null;

    private static async Task<Dictionary<string, string>> ColumnTypes(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            "select column_name, data_type from information_schema.columns where table_schema = 'legacy' and table_name = 'leads'");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var types = new Dictionary<string, string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            types[reader.GetString(0)] = reader.GetString(1);
        return types;
    }

    private static async Task<Dictionary<string, JsonElement>> View(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select id, row_to_json(l)::text from legacy.leads l");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new Dictionary<string, JsonElement>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows[reader.GetString(0)] = JsonDocument.Parse(reader.GetString(1)).RootElement;
        return rows;
    }

    private static async IAsyncEnumerable<JsonElement> Leads(HttpClient zoho)
    {
        await using var stream = await zoho.GetStreamAsync("/control/leads", TestContext.Current.CancellationToken);
        using var lines = new StreamReader(stream);
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            yield return JsonDocument.Parse(line).RootElement;
    }
}
