using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.LegacyView;

/// <summary>Lists in <c>projector.rebuild_differences</c> the rows in which a version differs from the served version.</summary>
internal static class Differences
{
    /// <summary>
    /// SQL: lists the differences of some leads.
    /// </summary>
    /// <param name="leads">SQL: a condition on <c>id</c>, for both sides.</param>
    /// <param name="exceptChangedAfter">Leads with events after this position are left out: only one of the versions may have
    /// these events yet. Null to leave out none.</param>
    /// <param name="rebuild">SQL: the rebuild's id.</param>
    public static IEnumerable<string> List(
        Module module, ViewVersion version, IReadOnlyList<Column> columns, string leads, long? exceptChangedAfter, string rebuild = "$3")
    {
        var values = new[] { $", modified_time{columns.NamesSql()}", ", deleted_at" };
        return version.Tables.Zip(values, (table, names) => $"""
            insert into {module.Schema}.rebuild_differences (rebuild_id, relation, id, difference, columns)
            select {rebuild}, '{table.Served}', coalesce(_old.id, _new.id),
                {VersionRows.Difference},
                case when _old.id is not null and _new.id is not null then
                    (select array_agg(key order by key) from jsonb_each(to_jsonb(_old)) a join jsonb_each(to_jsonb(_new)) b using (key)
                        where a.value <> b.value) end
            from (select id{names} from legacy.{table.Served} where {leads}) _old
            full join (select id{names} from legacy.{table.Name} where {leads}) _new using (id)
            where _old is distinct from _new {(exceptChangedAfter is { } position ? Unchanged(module, position) : "")}
            on conflict do nothing
            """);
    }

    public static async Task<long> Count(NpgsqlDataSource database, Module module, Guid rebuild, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"select count(distinct id) from {module.Schema}.rebuild_differences where rebuild_id = $1").With(rebuild);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static string Unchanged(Module module, long position) =>
        $"and not {EventTables.RecordedEvents.ChangedAfter(module, "coalesce(_old.id, _new.id)", position)}";
}
