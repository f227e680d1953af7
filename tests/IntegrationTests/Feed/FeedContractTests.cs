using System.Diagnostics;
using LeadSync.IntegrationTests.Projector;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.Projector.Leads;

namespace LeadSync.IntegrationTests.Feed;

/// <summary>The tables beside <c>legacy.leads</c> have the columns and the contents on which readers rely.</summary>
public sealed class FeedContractTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    [Theory]
    [InlineData("lead_changes", "position bigint, id text, kind text, modified_time timestamp with time zone, "
        + "visible_at timestamp with time zone, source text, changed jsonb, trace_id text")]
    [InlineData("users", "id text, full_name text, email text, role text, profile text, active boolean")]
    [InlineData("deleted_leads", "id text, deleted_at timestamp with time zone")]
    [InlineData("lead_columns", "api_name text, column_name text, type text")]
    public async Task a_table_has_its_columns_in_order(string table, string columns) => (await projector.Value<string>("""
        select string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod)), ', ' order by attnum) from pg_attribute
        where attrelid = to_regclass('legacy.' || $1) and attnum > 0 and not attisdropped
        """, table)).ShouldBe(columns);

    [Fact]
    public async Task a_change_names_its_trace_and_the_time_when_it_became_visible()
    {
        var trace = ActivityTraceId.CreateRandom();
        var before = await projector.Value<DateTime>("select clock_timestamp()");

        await projector.Part<ILeadProjection>().Project(
            [(RebuildParts.Seen("9700000000001", 1, 1, "Ann"), new(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded))],
            "a test", TestContext.Current.CancellationToken);

        (await projector.Value<string>("select trace_id from legacy.lead_changes where id = '9700000000001'")).ShouldBe($"{trace}");
        (await projector.Value<DateTime>("select visible_at from legacy.lead_changes where id = '9700000000001'"))
            .ShouldBeInRange(before, await projector.Value<DateTime>("select clock_timestamp()"));
    }
}
