using LeadSync.Projector.LegacyView;
using Npgsql;

namespace LeadSync.Projector.Rebuilds;

/// <summary>Brings a version up to date with what has been recorded since it was folded.</summary>
internal static class Touched
{
    private const int FoldedAtOnce = 5_000;

    /// <summary>The streams with events after a position, in order.</summary>
    public static async Task<string[]> Since(NpgsqlConnection connection, long position, int atMost, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select distinct stream_id::text from projector.mt_events where seq_id > $1 order by 1 limit $2", connection)
        {
            Parameters = { new() { Value = position }, new() { Value = atMost } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var streams = new List<string>();
        while (await reader.ReadAsync(ct))
            streams.Add(reader.GetString(0));
        return [.. streams];
    }

    /// <summary>Folds leads anew, each block in one transaction, or all in the connection's own.</summary>
    public static async Task Fold(NpgsqlConnection connection, ViewVersion version, IReadOnlyList<Column> columns, string[] streams, CancellationToken ct)
    {
        foreach (var block in streams.Chunk(FoldedAtOnce))
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var table in version.Tables)
                batch.BatchCommands.Add(new($"delete from legacy.{table.Name} where id in (select substr(stream, 6) from unnest($1::text[]) stream)") { Parameters = { new() { Value = block } } });
            batch.BatchCommands.Add(new(new EventFold(columns, version).Streams) { Parameters = { new() { Value = block } } });
            await batch.ExecuteNonQueryAsync(ct);
        }
    }
}
