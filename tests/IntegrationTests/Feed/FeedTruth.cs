using Npgsql;

namespace LeadSync.IntegrationTests.Feed;

/// <summary>The whole change feed alone gives the same leads as the view.</summary>
internal static class FeedTruth
{
    private const string Differences = """
        with living as (select distinct on (id) id, kind, modified_time from legacy.lead_changes order by id, position desc),
        said as (
            select distinct on (c.id, f.key) c.id, f.key as field, f.value ->> 'new' as value
            from legacy.lead_changes c cross join jsonb_each(c.changed) f order by c.id, f.key, c.position desc
        ),
        shown as (
            select l.id, c.api_name as field, c.type, f.value
            from legacy.leads l cross join jsonb_each_text(to_jsonb(l)) f join projector.columns c on lower(c.api_name) = f.key
            where f.value is not null
        )
        select coalesce(string_agg(difference, ', '), '') from (
            select concat(coalesce(a.id, v.id), ' at ', a.modified_time, ' is at ', v.modified_time) as difference
            from (select * from living where kind <> 'deleted') a full join legacy.leads v using (id)
            where a.modified_time is distinct from v.modified_time
            union all
            select concat(id, '.', field, ' ', s.value, ' is ', v.value)
            from (select * from said where value is not null and id in (select id from legacy.leads)) s full join shown v using (id, field)
            where case v.type
                when 'DateTime' then v.value::timestamptz is distinct from s.value::timestamptz
                when 'Numeric' then v.value::numeric is distinct from s.value::numeric
                else v.value is distinct from s.value end
            limit 10) d
        """;

    public static async Task ShouldBeTheView(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(Differences);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe("");
    }
}
