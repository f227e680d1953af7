using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Cli;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>Migrator, writer and reader have exactly the rights that they need.</summary>
public sealed class DatabaseRolesTests(DatabaseRoles roles, SharedServers shared) : IClassFixture<DatabaseRoles>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task the_services_run_as_writer_on_what_the_migrator_made()
    {
        // The second run is an upgrade of the existing schema.
        for (var time = 0; time < 2; time++)
        {
            foreach (var service in (string[])["Gateway", "Projector", "Scheduler"])
                await ServiceJob.Run(service, "migrate", roles.Migrator, roles.RabbitMq);
        }

        (await Read("select count(*) from legacy.leads_named")).ShouldBe(0L, "the view is there before the first sync");

        await using var services = new ServiceProcesses(
            new ServiceSettings(roles.Writer, roles.RabbitMq)
            {
                Leads = 50, More = new Dictionary<string, string> { ["Database__AutoMigrate"] = "false" }
            },
            shared.Run, "roles-");
        await shared.InTurn(() => services.StartAsync(Stop));
        await RunningSync.Until("the view is in sync", async () => await Read("select phase from legacy.sync_status") is "in sync");

        await Post(services, "/control/fields", new { apiName = "Region_X", dataType = "text" });
        await Post(services, "/control/leads/edit", new { count = 50, values = new { Region_X = "North" } });
        await RunningSync.Until("a new field is a column that the reader sees", NewColumnIsThere);

        await ServiceJob.Run("Projector", "rebuild", roles.Writer, roles.RabbitMq);
        (await Read("select count(*) from legacy.leads where region_x = 'North'"))
            .ShouldBe(50L, "the reader can read the rebuilt table");
        await ServiceJob.Run("Projector", "migrate", roles.Migrator, roles.RabbitMq);

        (await Read("select count(*) from legacy.lead_changes where kind = 'created' and changed ? 'Last_Name'"))
            .ShouldBe(50L, "a reader sees what changed, and no event");
        await RunningSync.Until(
            "a reader sees the owners' names", async () => await Read("""
                select true from pg_attribute where attrelid = 'legacy.leads_named'::regclass and attname = 'owner_name'
                """) is true
            && await Read("select count(*) from legacy.leads_named where owner_name is not null") is 50L);

        var doctor = await CommandLine.Run(
            new Dictionary<string, string>(services.Environment)
            {
                ["LEADSYNC_URL"] = $"{services.Scheduler.Address}",
                ["Gateway__InternalUrls"] = "http://+:8081",
                ["ConnectionStrings__Postgres"] = new NpgsqlConnectionStringBuilder(
                    roles.Writer) { Options = "-c synchronous_commit=on" }.ConnectionString,
            },
            "doctor", "--json", "--reader-role", new NpgsqlConnectionStringBuilder(roles.Reader).Username!);
        doctor.Json.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("outcome").GetString() is "failed" or "warning" || finding.GetProperty("code")
                .GetString() is "LS304" or "LS307" or "LS132"
                && finding.GetProperty("outcome").GetString() != "ok")
            .Select(finding => $"{finding.GetProperty("code")}: {finding.GetProperty("detail")}").ShouldBeEmpty();

        foreach (var version in (string[])(await Read("""
            select array_agg(oid::regclass::text) from pg_class
            where relnamespace = 'legacy'::regnamespace and relname ~ '_v[0-9]+$' and relkind = 'r'
            """))!)
            await ShouldBeRefused(roles.Reader, $"select 1 from {version}");
        await DatabaseRoles.Execute(roles.Writer, """
            alter table legacy.leads enable row level security;
            create policy only_south on legacy.leads for select using (region_x = 'South')
            """);
        (await Read("select (select count(*) from legacy.leads) + (select count(*) from legacy.leads_named)"))
            .ShouldBe(0L, "a row policy holds for the view with names too");
        (await Read("select array_agg(distinct c.column_name) from legacy.lead_columns c where c.api_name = 'Region_X'"))
            .ShouldBe(new[] { "region_x" });
        (await Read("select legacy.new_values('{\"Region_X\": {\"old\": null, \"new\": \"South\"}}')"))
            .ShouldBe("""{"region_x": "South"}""");
        (await Read("select legacy.missed_changes(0)")).ShouldBe(false);

        await ShouldBeRefused(roles.Reader, "select 1 from projector.leads");
        await ShouldBeRefused(roles.Reader, "select projector.changed_fields(1, 'created')");
        await ShouldBeRefused(roles.Reader, "select value from gateway.access_token");
        await ShouldBeRefused(roles.Reader, "set transaction read write; delete from legacy.leads");
        await ShouldBeRefused(roles.Reader, "create table legacy.mine (id int)");
        await ShouldBeRefused(roles.Writer, "drop table projector.leads");
        await ShouldBeRefused(roles.Writer, "alter table gateway.channel add column more text");
        await ShouldBeRefused(roles.Writer, "create table projector.mine (id int)");
        await ShouldBeRefused(roles.Writer, "create schema mine");
        await ShouldBeRefused(roles.Writer, "create table public.mine (id int)");

        async Task<bool> NewColumnIsThere() =>
            await Read(
                "select 1 from information_schema.columns where table_schema = 'legacy' and table_name = 'leads' "
                    + "and column_name = 'region_x'") is not null
            && await Read("select count(*) from legacy.leads where region_x = 'North'") is 50L;
    }

    private Task<object?> Read(string sql) => DatabaseRoles.Execute(roles.Reader, sql);

    private static async Task Post(ServiceProcesses services, string path, object body) =>
        (await services.Simulator.Http.PostAsJsonAsync(path, body, JsonSerializerOptions.Default, Stop)).EnsureSuccessStatusCode();

    private static async Task ShouldBeRefused(string connection, string sql) =>
        (await Should.ThrowAsync<PostgresException>(() => DatabaseRoles.Execute(connection, sql))).SqlState.ShouldBe(
            PostgresErrorCodes.InsufficientPrivilege, sql);
}
