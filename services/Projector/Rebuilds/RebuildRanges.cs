using System.Collections.Concurrent;
using LeadSync.Projector.EventTables;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Database;
using Npgsql;
using NpgsqlTypes;

namespace LeadSync.Projector.Rebuilds;

/// <summary>Streams in order, from one to before another; the last range has no end.</summary>
/// <param name="Leads">The number of leads in the range.</param>
internal sealed record LeadRange(string From, string? To, long Leads);

/// <summary>
/// Folds and compares all leads in ranges, several at once: each statement keeps one core of PostgreSQL busy.
/// <see cref="FoldedStreams"/> folds in SQL, since a rebuild through Marten takes ten times as long (decision 1).
/// </summary>
internal sealed class RebuildRanges([FromKeyedServices(PostgresSettings.LongWork)] NpgsqlDataSource database, Module module)
{
    // About 10 MB of events: they are sorted in memory, and progress can be seen.
    private const int EventsPerRange = 10_000;
    private const int RangesAtOnce = 2;
    private const int StreamsAtOnce = 5_000;

    // A crash may lose these commits: the next rebuild folds again. The swap commits durably, and with it everything before.
    private const string Settings = "select set_config('work_mem', '64MB', true), set_config('synchronous_commit', 'off', true)";

    public async Task<IReadOnlyList<LeadRange>> All(CancellationToken ct)
    {
        await using var command = database.CreateCommand(FoldedStreams.Ranges(module)).With((decimal)EventsPerRange);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var starts = new List<(string From, long Leads)>();
        while (await reader.ReadAsync(ct))
            starts.Add((starts.Count == 0 ? "" : reader.GetString(0), reader.GetInt64(1)));
        return starts.Count == 0
            ? [new("", null, 0)]
            :
            [
                .. starts.Select((start, index) =>
                    new LeadRange(start.From, index + 1 < starts.Count ? starts[index + 1].From : null, start.Leads))
            ];
    }

    /// <summary>Fills a version from all events.</summary>
    /// <param name="untilRecorded">Only events that were recorded up to this moment, by the database's clock.</param>
    /// <returns>The ranges whose count or checksum differs from the served view.</returns>
    public async Task<IReadOnlyList<LeadRange>> Fill(
        ViewVersion version, IReadOnlyList<Column> columns, DateTimeOffset? untilRecorded, RebuildProgress progress, CancellationToken ct)
    {
        var ranges = await All(ct);
        progress.BeginFolding(ranges.Sum(range => range.Leads));
        var different = new ConcurrentBag<LeadRange>();
        await Each(ranges, async (range, token) =>
        {
            var rows = new VersionRows(module, columns, Folded(range, untilRecorded is null ? null : "$3"));
            await using var batch = Batch($"{rows.Fill(version)} {rows.Compare(Ids(range))}", range, Moment(untilRecorded));
            await using var reader = await batch.ExecuteReaderAsync(token);
            await reader.NextResultAsync(token);
            await reader.ReadAsync(token);
            if (!reader.GetBoolean(1))
                different.Add(range);
            progress.Add(range.Leads);
        }, ct);
        progress.EndFolding();
        return [.. different];
    }

    /// <summary>Folds single leads of a version again, each block in one transaction, or all in the connection's own.</summary>
    public async Task Fill(
        NpgsqlConnection connection, ViewVersion version, IReadOnlyList<Column> columns, string[] streams, CancellationToken ct)
    {
        var rows = new VersionRows(module, columns, new(module, "e.stream_id = any($1)"));
        foreach (var block in streams.Chunk(StreamsAtOnce))
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var sql in rows.Clear(version).Append($"{rows.Fill(version)} select 1"))
                batch.BatchCommands.Add(new NpgsqlBatchCommand(sql).With(block));
            await batch.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Lists the differences between a version and the served view.</summary>
    public Task Compare(
        Guid rebuild, ViewVersion version, IReadOnlyList<Column> columns, IReadOnlyList<LeadRange> ranges, long position,
        CancellationToken ct) =>
        Each(ranges, async (range, token) =>
        {
            await using var batch = database.CreateBatch();
            batch.BatchCommands.Add(new(Settings));
            foreach (var sql in Differences.List(module, version, columns, Ids(range), position))
                batch.BatchCommands.Add(new NpgsqlBatchCommand(sql).With(Text(range.From), Text(range.To), rebuild));
            await batch.ExecuteNonQueryAsync(token);
        }, ct);

    /// <summary>
    /// As
    /// <see cref="Compare(Guid, ViewVersion, IReadOnlyList{Column}, IReadOnlyList{LeadRange}, long, CancellationToken)"/>, of single leads.
    /// </summary>
    public async Task Compare(
        NpgsqlConnection connection, Guid rebuild, ViewVersion version, IReadOnlyList<Column> columns, string[] streams,
        long? exceptChangedAfter,
        CancellationToken ct)
    {
        foreach (var block in streams.Chunk(StreamsAtOnce))
        {
            await using var batch = new NpgsqlBatch(connection);
            var ids = $"id in (select {module.Id("stream")} from unnest($1::text[]) stream)";
            foreach (var sql in Differences.List(module, version, columns, ids, exceptChangedAfter, rebuild: "$2"))
                batch.BatchCommands.Add(new NpgsqlBatchCommand(sql).With(block, rebuild));
            await batch.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Finds the differences between the served view and the events.</summary>
    public async Task<IReadOnlyList<(string Relation, string Id, string Difference)>> Check(
        IReadOnlyList<Column> columns, LeadRange range, CancellationToken ct)
    {
        await using var batch = Batch(new VersionRows(module, columns, Folded(range, null)).Differing(Ids(range)), range);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        var found = new List<(string, string, string)>();
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return found;
    }

    private FoldedStreams Folded(LeadRange range, string? until) =>
        new(module, $"e.stream_id >= $1 {(range.To is null ? "" : "and e.stream_id < $2")}", until);

    private string Ids(LeadRange range) => $"id >= {module.Id("$1")} {(range.To is null ? "" : $"and id < {module.Id("$2")}")}";

    private NpgsqlBatch Batch(string sql, LeadRange range, params object[] more)
    {
        object[] values = [Text(range.From), Text(range.To), .. more];
        var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(Settings));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql).With(values));
        return batch;
    }

    private static Task Each(IReadOnlyList<LeadRange> ranges, Func<LeadRange, CancellationToken, ValueTask> act, CancellationToken ct) =>
        Parallel.ForEachAsync(ranges, new ParallelOptions { MaxDegreeOfParallelism = RangesAtOnce, CancellationToken = ct }, act);

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Moment(DateTimeOffset? value) =>
        new() { Value = (object?)value?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
