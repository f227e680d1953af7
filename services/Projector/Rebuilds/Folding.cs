using System.Collections.Concurrent;
using LeadSync.Projector.LegacyView;
using Npgsql;
using NpgsqlTypes;

namespace LeadSync.Projector.Rebuilds;

/// <summary>Streams in order, from one to before another; the last range has no end.</summary>
/// <param name="Leads">How many there are.</param>
internal sealed record LeadRange(string From, string? To, long Leads);

/// <summary>Folds and compares all leads in ranges, several at once: each statement keeps one core of PostgreSQL busy.</summary>
internal sealed class Folding(NpgsqlDataSource database)
{
    // About 10 MB of events: they are sorted in memory, and progress can be seen.
    private const int RangeSize = 5_000;
    private const int RangesAtOnce = 2;

    // What is lost in a crash is folded again; the swap commits durably, and with it everything before.
    private const string Settings = "select set_config('work_mem', '64MB', true), set_config('synchronous_commit', 'off', true)";

    public static LeadRange Everything { get; } = new("", null, 0);

    /// <returns>The ranges in which the count or the checksum is not that of the view that is read.</returns>
    public async Task<IReadOnlyList<LeadRange>> FoldAll(EventFold fold, DateTimeOffset? untilRecorded, RebuildProgress progress, CancellationToken ct)
    {
        var ranges = await Ranges(ct);
        progress.BeginFolding(ranges.Sum(range => range.Leads));
        var different = new ConcurrentBag<LeadRange>();
        await Parallel.ForEachAsync(ranges, Options(ct), async (range, token) =>
        {
            if (!await Fold(fold, range, untilRecorded, token))
                different.Add(range);
            progress.Add(range.Leads);
        });
        progress.EndFolding();
        return [.. different];
    }

    /// <summary>Lists where a version differs from the view that is read.</summary>
    public Task Compare(Guid rebuild, ViewVersion version, IReadOnlyList<Column> columns, IReadOnlyList<LeadRange> ranges, long position, CancellationToken ct) =>
        Parallel.ForEachAsync(ranges, Options(ct), async (range, token) =>
        {
            var leads = "id >= substr($2, 6)" + (range.To is null ? "" : " and id < substr($3, 6)");
            await using var batch = database.CreateBatch();
            batch.BatchCommands.Add(new(Settings));
            foreach (var sql in Differences.List(version, columns, leads, position))
                batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = rebuild }, Text(range.From), Text(range.To) } });
            await batch.ExecuteNonQueryAsync(token);
        });

    private async Task<bool> Fold(EventFold fold, LeadRange range, DateTimeOffset? untilRecorded, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(Settings));
        batch.BatchCommands.Add(new(fold.Range(range.To is null))
        {
            Parameters =
            {
                Text(range.From), Text(range.To),
                new() { Value = (object?)untilRecorded?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetBoolean(1);
    }

    private async Task<IReadOnlyList<LeadRange>> Ranges(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select min(id)::text, count(*) from (select id, (row_number() over (order by id) - 1) / $1 as range from projector.mt_streams) s
            group by range order by range
            """);
        command.Parameters.Add(new() { Value = (long)RangeSize });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var starts = new List<(string From, long Leads)>();
        while (await reader.ReadAsync(ct))
            starts.Add((starts.Count == 0 ? "" : reader.GetString(0), reader.GetInt64(1)));
        return starts.Count == 0
            ? [Everything]
            : [.. starts.Select((start, index) => new LeadRange(start.From, index + 1 < starts.Count ? starts[index + 1].From : null, start.Leads))];
    }

    private static ParallelOptions Options(CancellationToken ct) =>
        new() { MaxDegreeOfParallelism = RangesAtOnce, CancellationToken = ct };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
