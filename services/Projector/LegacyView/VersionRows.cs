using LeadSync.Projector.EventTables;

namespace LeadSync.Projector.LegacyView;

/// <summary>
/// SQL that makes the view's rows from folded events. A rebuild fills a version with the rows, or compares the served version with them.
/// </summary>
internal sealed class VersionRows(Module module, IReadOnlyList<Column> columns, FoldedStreams folded)
{
    // No field of Zoho begins with an underscore. Without the underscore, a column of the same name would hide the row.
    private const string Row = "_row";

    /// <summary>SQL: common table expressions that fill a version. <c>shown</c> and <c>buried</c> return the hashes of the rows.</summary>
    public string Fill(ViewVersion version) => $"""
        with {folded.Sql},
        shown as (
            insert into legacy.{version.Leads} as {Row} (id, modified_time{columns.NamesSql()})
            select f.id, f.modified_time{columns.ValuesSql()} from folded f {columns.RecordSql("f.fields")} where {FoldedStreams.Alive}
            returning hash_record_extended({Row}, 0) as hash
        ),
        buried as (
            insert into legacy.{version.Deleted} as {Row} (id, deleted_at)
            select f.id, {folded.DeletedAt} from folded f where not {FoldedStreams.Alive} and f.last_gone is not null
            returning hash_record_extended({Row}, 0) as hash
        )
        """;

    /// <summary>SQL: deletes the leads of the streams in <c>$1</c> from a version.</summary>
    public IEnumerable<string> Clear(ViewVersion version) =>
        version.Tables.Select(table => $"delete from legacy.{table.Name} where {In("$1")}");

    /// <summary>SQL: whether the lead <c>id</c> belongs to one of the streams in an array.</summary>
    public string In(string streams) => $"id in (select {module.Id("stream")} from unnest({streams}::text[]) stream)";

    /// <summary>SQL: how many rows were filled, and whether their count and checksum equal those of the served rows.</summary>
    /// <param name="ids">SQL: which of the served rows.</param>
    public string Compare(string ids) => $"""
        select (select count(*) from shown), (select {Checksum("hash")} from shown) = ({Served(module.View, ids)})
            and (select {Checksum("hash")} from buried) = ({Served(module.Deleted, ids)})
        """;

    /// <summary>SQL: the served rows that differ from the events: relation, id and difference.</summary>
    /// <param name="ids">SQL: which of the served rows.</param>
    public string Differing(string ids) => $"""
        with {folded.Sql}
        select '{module.View}', coalesce(_old.id, _new.id), {Difference}
        from (select f.id, f.modified_time{columns.ValuesSql()} from folded f {columns.RecordSql("f.fields")}
            where {FoldedStreams.Alive}) _new
        full join (select id, modified_time{columns.NamesSql()} from legacy.{module.View} where {ids}) _old using (id)
        where _new is distinct from _old
        union all
        select '{module.Deleted}', coalesce(_old.id, _new.id), {Difference}
        from (select f.id, {folded.DeletedAt} as deleted_at from folded f where not {FoldedStreams.Alive} and f.last_gone is not null) _new
        full join (select id, deleted_at from legacy.{module.Deleted} where {ids}) _old using (id)
        where _new is distinct from _old
        """;

    /// <summary>SQL: the difference between the rows <c>_old</c> and <c>_new</c>.</summary>
    public const string Difference =
        "case when _new.id is null then 'only before' when _old.id is null then 'only after' else 'other values' end";

    private static string Served(string table, string ids) =>
        $"select {Checksum($"hash_record_extended({Row}, 0)")} from legacy.{table} {Row} where {ids}";

    private static string Checksum(string hash) => $"row(count(*), coalesce(bit_xor({hash}), 0))";
}
