using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Telemetry;
using Npgsql;
using NpgsqlTypes;

namespace LeadSync.Projector.Leads;

/// <summary>Folds observations into the event store and the view, each batch in one transaction, all or nothing.</summary>
/// <remarks>
/// A batch whose commit has an unknown outcome is simply folded again: what was applied changes nothing the second time.
/// </remarks>
internal sealed class LeadStore(NpgsqlDataSource database, LegacyColumns columns, LeadMetrics metrics)
{
    private volatile Statement statement = new([], "");

    /// <summary>Folds a batch.</summary>
    /// <returns>What became of each observation, in the given order.</returns>
    public async Task<Folded[]> Fold(IReadOnlyList<LeadObservation> observations, CancellationToken ct)
    {
        var folded = new Folded[observations.Count];
        if (observations.Count == 0)
            return folded;

        using var span = LeadSyncTelemetry.Source.StartActivity("fold batch")?.SetTag("leadsync.leads", observations.Count);
        var rounds = Rounds(observations).ToArray();
        // Sent at once, a batch is one transaction, and needs no round trips to begin and end it.
        await using var batch = database.CreateBatch();
        foreach (var round in rounds)
            AddFold(batch.BatchCommands, [.. round.Select(index => observations[index])]);
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            foreach (var round in rounds)
            {
                // The locks' answer comes first.
                await reader.NextResultAsync(ct);
                while (await reader.ReadAsync(ct))
                    folded[round[reader.GetInt64(0) - 1]] = new Folded(reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3));
                await reader.NextResultAsync(ct);
            }
        }

        metrics.Count(observations, folded);
        return folded;
    }

    /// <summary>The fields of each lead's greatest content, for the leads that have been seen.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>>> KnownFields(
        IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        await using var command = database.CreateCommand(FoldStatement.KnownFields);
        command.Parameters.Add(Parameter(ids.ToArray(), NpgsqlDbType.Text));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var known = new Dictionary<string, IReadOnlyDictionary<string, string?>>();
        while (await reader.ReadAsync(ct))
            known[reader.GetString(0)] = JsonSerializer.Deserialize<Dictionary<string, string?>>(reader.GetString(1))!;
        return known;
    }

    /// <summary>Splits a batch so that each round has a lead once, in id order, and a lead's observations keep theirs.</summary>
    private static IEnumerable<int[]> Rounds(IReadOnlyList<LeadObservation> observations) =>
        Enumerable.Range(0, observations.Count)
            .GroupBy(index => observations[index].Id, StringComparer.Ordinal)
            .SelectMany(lead => lead.Select((index, round) => (index, round)))
            .GroupBy(entry => entry.round, entry => entry.index)
            .OrderBy(round => round.Key)
            .Select(round => round.OrderBy(index => observations[index].Id, StringComparer.Ordinal).ToArray());

    private void AddFold(NpgsqlBatchCommandCollection commands, LeadObservation[] round)
    {
        T[] Each<T>(Func<LeadObservation, T> value) => Array.ConvertAll(round, observation => value(observation));

        var ids = Each(o => o.Id);
        commands.Add(new(FoldStatement.Register) { Parameters = { Parameter(ids, NpgsqlDbType.Text) } });
        commands.Add(new(FoldStatement.Lock) { Parameters = { Parameter(ids, NpgsqlDbType.Text) } });
        commands.Add(new(Sql())
        {
            Parameters =
            {
                Parameter(ids, NpgsqlDbType.Text),
                Parameter(Each(o => o.ModifiedTime?.UtcDateTime), NpgsqlDbType.TimestampTz),
                Parameter(Each(o => o.ObservedAt.UtcDateTime), NpgsqlDbType.TimestampTz),
                Parameter(Each(o => o.Hash), NpgsqlDbType.Uuid),
                Parameter(Each(o => o.DeletedAt?.UtcDateTime), NpgsqlDbType.TimestampTz),
                Parameter(Each(o => o.Event), NpgsqlDbType.Jsonb),
                Parameter(Each(o => TraceId(o.TraceParent)), NpgsqlDbType.Text),
                Parameter(Each(o => o.TraceParent), NpgsqlDbType.Text),
            },
        });
    }

    private string Sql()
    {
        var known = columns.All;
        if (statement.Columns != known || statement.Sql.Length == 0)
            statement = new Statement(known, FoldStatement.Fold(known));
        return statement.Sql;
    }

    private static NpgsqlParameter Parameter<T>(T[] values, NpgsqlDbType type) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    private static string? TraceId(string? traceParent) => traceParent?.Split('-')[1];

    private sealed record Statement(IReadOnlyList<Column> Columns, string Sql);
}

/// <summary>What became of an observation.</summary>
/// <param name="IsEvent">Whether it was appended as an event; else it only confirmed what is known, or came too late.</param>
/// <param name="IsAlive">Whether the lead lives, all in all.</param>
/// <param name="IsOutdated">Whether it said something else than what is known, and came too late.</param>
internal readonly record struct Folded(bool IsEvent, bool IsAlive, bool IsOutdated);

internal static class FoldedLeads
{
    /// <summary>The changes of leads that became events.</summary>
    public static IEnumerable<LeadChanged> Applied(this IEnumerable<LeadChanged> changes, IEnumerable<(string Id, Folded Folded)> outcome)
    {
        var applied = outcome.Where(lead => lead.Folded.IsEvent).Select(lead => lead.Id).ToHashSet(StringComparer.Ordinal);
        return changes.Where(change => applied.Contains(change.Id));
    }
}
