using LeadSync.ServiceDefaults.Database;
using Npgsql;
using NpgsqlTypes;

namespace LeadSync.ServiceDefaults.Parking;

/// <summary>Keeps items that could not be processed: PostgreSQL in the services, a model in the simulation.</summary>
public interface IParkingLot
{
    /// <summary>Parks all items, or none. An item that is parked already stays one item, with its latest reason.</summary>
    Task Park(IReadOnlyCollection<ParkedItem> items, CancellationToken ct);
}

/// <summary>Keeps parked items in <c>parking.parked</c>, the one table of all services.</summary>
/// <param name="database">The database with the table.</param>
/// <param name="service">The service that parks the items.</param>
public sealed class ParkingLot(NpgsqlDataSource database, string service) : IParkingLot
{
    public string Service => service;

    /// <summary>The queue into which RabbitMQ dead-letters the service's messages.</summary>
    public string Queue => $"{service}-parked";

    /// <summary>Deletes items of a kind by their keys.</summary>
    public async Task Forget(ParkedKind kind, IReadOnlyCollection<string> keys, CancellationToken ct)
    {
        if (keys.Count == 0)
            return;

        await database.Execute("delete from parking.parked where service = $1 and kind = $2 and key = any($3)",
            ct, service, kind.ToString().ToLowerInvariant(), keys.ToArray());
    }

    public async Task Park(IReadOnlyCollection<ParkedItem> items, CancellationToken ct)
    {
        if (items.Count == 0)
            return;

        await database.Execute("""
            insert into parking.parked as parked (service, kind, key, origin, line, lead_id, reason, content, properties)
            select distinct on (kind, key) $1, *
            from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bytea[], $9::jsonb[])
                as item(kind, key, origin, line, lead_id, reason, content, properties)
            on conflict (service, kind, key) do update set
                origin = excluded.origin, line = excluded.line, reason = excluded.reason, content = excluded.content,
                properties = excluded.properties, times = parked.times + 1, parked_at = now()
            """,
            ct, service,
            Each(item => item.Kind.ToString().ToLowerInvariant(), NpgsqlDbType.Text), Each(item => item.Key, NpgsqlDbType.Text),
            Each(item => item.Origin, NpgsqlDbType.Text), Each(item => item.Line, NpgsqlDbType.Bigint),
            Each(item => item.LeadId, NpgsqlDbType.Text), Each(item => item.Reason, NpgsqlDbType.Text),
            Each(item => item.Content, NpgsqlDbType.Bytea), Each(item => item.Properties, NpgsqlDbType.Jsonb));

        NpgsqlParameter Each<T>(Func<ParkedItem, T> value, NpgsqlDbType type) =>
            new() { Value = items.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
