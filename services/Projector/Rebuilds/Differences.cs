using LeadSync.Projector.LegacyView;
using Npgsql;

namespace LeadSync.Projector.Rebuilds;

/// <summary>Lists in <c>projector.rebuild_differences</c> where a version differs from the view that is read, row by row.</summary>
internal static class Differences
{
    /// <summary>
    /// Statements that list the differences of some leads; parameters: the rebuild's id, and those of <paramref name="leads"/>.
    /// </summary>
    /// <param name="leads">A condition on <c>id</c>, for both sides.</param>
    /// <param name="exceptChangedAfter">Leads with events after this position are passed over: one side may have them and the other not yet.</param>
    public static IEnumerable<string> List(ViewVersion version, IReadOnlyList<Column> columns, string leads, long? exceptChangedAfter)
    {
        var values = new[] { Array.ConvertAll([.. columns], column => column.Identifier).Prepend("\"modified_time\""), ["\"deleted_at\""] };
        return version.Tables.Zip(values, (table, names) =>
        {
            var changed = exceptChangedAfter is { } position
                ? $"and not exists (select from projector.mt_events e where e.seq_id > {position} and e.stream_id = 'lead-' || coalesce(o.id, n.id))"
                : "";
            return $"""
                insert into projector.rebuild_differences (rebuild_id, relation, id, difference, columns)
                select $1, '{table.Served}', coalesce(o.id, n.id),
                    case when n.id is null then 'only before' when o.id is null then 'only after' else 'other values' end,
                    case when o.id is not null and n.id is not null then
                        (select array_agg(key order by key) from jsonb_each(to_jsonb(o)) a join jsonb_each(to_jsonb(n)) b using (key) where a.value <> b.value) end
                from (select * from legacy.{table.Served} where {leads}) o full join (select * from legacy.{table.Name} where {leads}) n using (id)
                where ({Row("o", names)}) is distinct from ({Row("n", names)}) {changed}
                on conflict do nothing
                """;
        });
    }

    public static async Task<long> Count(NpgsqlDataSource database, Guid rebuild, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select count(distinct id) from projector.rebuild_differences where rebuild_id = $1");
        command.Parameters.Add(new() { Value = rebuild });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static string Row(string side, IEnumerable<string> names) => $"row({side}.id, {string.Join(", ", names.Select(name => $"{side}.{name}"))})";
}
