using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.LegacyView;

/// <summary>A stored field set.</summary>
/// <param name="EventsBefore">The number of the last event that was appended before the set was stored.</param>
internal sealed record KnownFieldSet(int Position, long EventsBefore, IReadOnlyList<LeadField> Fields);

/// <summary>
/// Field sets by their hash. The first replica that learns a set stores it. The fields of a hash never change, so no replica can read the
/// answer of one gateway with the fields of another.
/// </summary>
internal sealed class FieldSets(NpgsqlDataSource database, GatewayClient gateway, Module module, TimeProvider clock)
{
    // Gateways look once a minute for new fields. A set that no gateway describes after this time was made before a gateway restarted with
    // other fields.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly ConcurrentDictionary<string, DateTimeOffset> asked = new();

    /// <returns>Null when no gateway knows the set any more.</returns>
    /// <exception cref="OutageException">The set is not stored, and the gateway that answered does not know it yet.</exception>
    public async Task<KnownFieldSet?> Find(string hash, CancellationToken ct)
    {
        if (await Read(hash, ct) is { } stored)
            return stored;

        var described = await gateway.ReadFields(ct);
        await Store(described, ct);
        if (await Read(hash, ct) is { } learned)
            return learned;

        return clock.GetUtcNow() - asked.GetOrAdd(hash, _ => clock.GetUtcNow()) > Patience
            ? null
            : throw new OutageException("no gateway that answered knows these fields yet");
    }

    /// <summary>The hashes of all stored field sets, in the order in which they were stored.</summary>
    public async Task<IReadOnlyList<string>> Stored(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select array_agg(hash order by position) from {module.Schema}.field_sets");
        return await command.ExecuteScalarAsync(ct) as string[] ?? [];
    }

    private async Task<KnownFieldSet?> Read(string hash, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"select position, events_before, fields::text from {module.Schema}.field_sets where hash = $1").With(hash);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(row.GetInt32(0), row.GetInt64(1), JsonSerializer.Deserialize<IReadOnlyList<LeadField>>(row.GetString(2), Json)!)
            : null;
    }

    private Task Store(LeadFields described, CancellationToken ct) => database.Execute($"""
        insert into {module.Schema}.field_sets (hash, fields, events_before)
        select $1, $2::jsonb, {EventTables.EventPosition.Last(module)} on conflict (hash) do nothing
        """, ct, described.FieldSet, JsonSerializer.Serialize(described.Fields, Json));
}
