using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;

namespace LeadSync.DevStack.Truth;

/// <summary>
/// Compares <c>legacy.leads</c> with the simulated Zoho, field by field. It follows only the operators' contract, and deliberately shares
/// no code with the services' conversions.
/// </summary>
/// <param name="database">The database of the view.</param>
/// <param name="zoho">The simulator.</param>
public sealed class ViewComparison(NpgsqlDataSource database, HttpClient zoho)
{
    /// <summary>All present differences.</summary>
    public async Task<IReadOnlyList<Difference>> DifferencesAsync(CancellationToken cancellationToken)
    {
        var types = await ColumnTypesAsync(cancellationToken);
        var shown = await ViewAsync(cancellationToken);
        var differences = new List<Difference>();
        await foreach (var lead in LeadsAsync(cancellationToken))
        {
            var id = lead.GetProperty("id").GetString()!;
            var isAlive = lead.GetProperty("alive").GetBoolean();
            if (shown.Remove(id, out var row) != isAlive)
                differences.Add(new(id, isAlive ? $"{id} is missing" : $"{id} is gone in Zoho"));
            else if (isAlive)
                differences.AddRange(InFields(id, lead, row, types));
        }

        return [.. differences, .. shown.Keys.Select(id => new Difference(id, $"{id} is unknown in Zoho", IsUnknown: true))];
    }

    /// <summary>Every lead that ever existed, from <c>GET /control/leads</c>.</summary>
    public async IAsyncEnumerable<JsonElement> LeadsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await zoho.GetStreamAsync("/control/leads", cancellationToken);
        using var lines = new StreamReader(stream);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
            yield return JsonDocument.Parse(line).RootElement;
    }

    private static IEnumerable<Difference> InFields(string id, JsonElement lead, JsonElement row, Dictionary<string, string> types) =>
        from field in lead.GetProperty("record").EnumerateObject()
        let column = field.Name.ToLowerInvariant()
        where types.ContainsKey(column)
        let expected = Expected(field.Value, types[column])
        let shown = Shown(row, column, types[column])
        where expected != shown
        select new Difference(id, $"{id}.{column} is {shown}, in Zoho {expected}");

    private static string? Expected(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when string.IsNullOrWhiteSpace(value.GetString()) => null,
        JsonValueKind.Object => value.GetProperty("id").GetString(),
        // An element with "name" is a tag. One with "Name" is a territory, whose id counts.
        JsonValueKind.Array => Joined(value.EnumerateArray().Select(member => member.ValueKind != JsonValueKind.Object ? member.GetString()!
            : member.TryGetProperty("name", out var name) ? name.GetString()! : member.GetProperty("id").GetString()!)),
        JsonValueKind.String => Canonical(value.GetString()!, type),
        _ => Canonical(value.GetRawText(), type),
    };

    private static string? Shown(JsonElement row, string column, string type) =>
        row.TryGetProperty(column, out var value) && value.ValueKind != JsonValueKind.Null
            ? Canonical(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), type)
            : null;

    private static string Canonical(string value, string type) => type switch
    {
        "numeric" =>
            decimal.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture)
                .ToString("0.#############", CultureInfo.InvariantCulture),
        "timestamp with time zone" =>
            DateTimeOffset.Parse(value, CultureInfo.InvariantCulture).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        _ => value.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'),
    };

    private static string? Joined(IEnumerable<string> members) =>
        string.Join(';', members.Order(StringComparer.Ordinal)) is { Length: > 0 } joined ? joined : null;

    private async Task<Dictionary<string, string>> ColumnTypesAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select column_name, data_type from information_schema.columns where table_schema = 'legacy' and table_name = 'leads'");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var types = new Dictionary<string, string>();
        while (await reader.ReadAsync(cancellationToken))
            types[reader.GetString(0)] = reader.GetString(1);
        return types;
    }

    private async Task<Dictionary<string, JsonElement>> ViewAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select id, row_to_json(l)::text from legacy.leads l");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new Dictionary<string, JsonElement>();
        while (await reader.ReadAsync(cancellationToken))
            rows[reader.GetString(0)] = JsonDocument.Parse(reader.GetString(1)).RootElement;
        return rows;
    }
}
