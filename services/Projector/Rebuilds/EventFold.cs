using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;

namespace LeadSync.Projector.Rebuilds;

/// <summary>
/// The merge rule of <see cref="Lead"/> over stored events, as one statement that fills a version of the view: of each lead the greatest content that was seen,
/// if the latest proof of life is later than the latest proof of absence.
/// </summary>
/// <param name="UntilRecorded">Only events that were recorded up to the moment in <c>$3</c>, our clock.</param>
internal sealed record EventFold(IReadOnlyList<Column> Columns, ViewVersion Version, bool UntilRecorded = false)
{
    private const string Alive = "f.last_seen > coalesce(f.last_gone, '-infinity')";
    private const string GoneAt = "case e.type when 'lead_gone' then o.\"ObservedAt\" else (o.\"Absence\" ->> 'ObservedAt')::timestamptz end";

    /// <summary>Folds the leads whose streams are in the array <c>$1</c>.</summary>
    public string Streams => $"{Fill("e.stream_id = any($1)")} select 1";

    /// <summary>
    /// Folds the leads from the stream <c>$1</c> to before <c>$2</c>, which the last range lacks. Answers how many rows there are now, and whether their count and
    /// checksum are those of the view that is read.
    /// </summary>
    public string Range(bool isLast)
    {
        var end = isLast ? "" : "and e.stream_id < $2";
        var servedEnd = isLast ? "" : "and s.id < substr($2, 6)";
        return $"""
            {Fill($"e.stream_id >= $1 {end}")}
            select (select count(*) from shown),
                (select {Checksum("hash")} from shown) = (select {Checksum("hash_record_extended(s, 0)")} from legacy.leads s where s.id >= substr($1, 6) {servedEnd})
                and (select {Checksum("hash")} from buried) = (select {Checksum("hash_record_extended(s, 0)")} from legacy.deleted_leads s where s.id >= substr($1, 6) {servedEnd})
            """;
    }

    private string Fill(string streams)
    {
        var recorded = UntilRecorded ? "and e.timestamp <= $3" : "";
        return $"""
            with observed as (
                select e.stream_id, e.version, o."ModifiedTime" as modified_time, o."ObservedAt" as observed_at, o."Fields" as fields, {GoneAt} as gone_at
                from projector.mt_events e
                cross join lateral jsonb_to_record(e.data) as o("ModifiedTime" timestamptz, "ObservedAt" timestamptz, "Fields" jsonb, "Absence" jsonb)
                where {streams} {recorded}
            ),
            folded as (
                select distinct on (stream_id) substr(stream_id, 6) as id, stream_id, modified_time, fields,
                    max(case when modified_time is not null then greatest(modified_time, observed_at) end) over lead as last_seen,
                    max(gone_at) over lead as last_gone
                from observed
                window lead as (
                    partition by stream_id order by modified_time desc nulls last, observed_at desc, version desc
                    rows between unbounded preceding and unbounded following)
                order by stream_id, modified_time desc nulls last, observed_at desc, version desc
            ),
            shown as (
                insert into legacy.{Version.Leads} as l (id, modified_time{Columns.Names()})
                select f.id, f.modified_time{Columns.Values()} from folded f {Columns.Record("f.fields")} where {Alive}
                returning hash_record_extended(l, 0) as hash
            ),
            buried as (
                insert into legacy.{Version.Deleted} as d (id, deleted_at)
                select f.id, (
                    select max(coalesce(o."DeletedAt", (o."Absence" ->> 'DeletedAt')::timestamptz))
                    from projector.mt_events e
                    cross join lateral jsonb_to_record(e.data) as o("ObservedAt" timestamptz, "DeletedAt" timestamptz, "Absence" jsonb)
                    where e.stream_id = f.stream_id and {GoneAt} = f.last_gone {recorded})
                from folded f where not coalesce({Alive}, false) and f.last_gone is not null
                returning hash_record_extended(d, 0) as hash
            )
            """;
    }

    private static string Checksum(string hash) => $"row(count(*), coalesce(bit_xor({hash}), 0))";
}
