using LeadSync.DevStack.Truth;
using Npgsql;

namespace LeadSync.IntegrationTests.Feed;

/// <summary>The whole change feed alone gives the same leads as the view.</summary>
internal static class FeedTruth
{
    private const string Differences = """
        with living as (select distinct on (id) id, kind, modified_time from legacy.lead_changes order by id, position desc),
        said as (
            select distinct on (c.id, f.key) c.id, f.key as field, f.value
            from legacy.lead_changes c cross join jsonb_each_text(legacy.new_values(c.changed)) f order by c.id, f.key, c.position desc
        ),
        shown as (
            select l.id, c.column_name as field, c.type, f.value
            from legacy.leads l cross join jsonb_each_text(to_jsonb(l)) f join legacy.lead_columns c on c.column_name = f.key
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
                when 'timestamptz' then v.value::timestamptz is distinct from s.value::timestamptz
                when 'numeric' then v.value::numeric is distinct from s.value::numeric
                else v.value is distinct from s.value end
            limit 10) d
        """;

    /// <summary>A table that a reader keeps by the changes of a lead has the lead's row.</summary>
    public static async Task CopyShouldBeTheView(NpgsqlDataSource database, string id)
    {
        await using var connection = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await Execute("create table my_leads (like legacy.leads including all)");
        foreach (var position in (long[])(
            await Execute("select array_agg(position order by position) from legacy.lead_changes where id = $1", id))!)
            await Execute(FeedCopy.Apply, position);
        (await Execute("""
            select coalesce(string_agg(concat(my_leads, ' is ', _lead), ', '), '')
            from my_leads full join (select * from legacy.leads where id = $1) _lead using (id) where my_leads is distinct from _lead
            """, id)).ShouldBe("");

        async Task<object?> Execute(string sql, params object[] parameters)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.AddRange(Array.ConvertAll(parameters, value => new NpgsqlParameter { Value = value }));
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }
    }

    public static async Task ShouldBeTheView(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(Differences);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe("");
    }
}
