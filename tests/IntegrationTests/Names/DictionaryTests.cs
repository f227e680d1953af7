using LeadSync.Contracts;
using LeadSync.IntegrationTests.Projector;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Names;
using LeadSync.TestSupport;
using Npgsql;

namespace LeadSync.IntegrationTests.Names;

/// <summary>The effect of a dictionary on the users, the view with names, and the comments.</summary>
public sealed class DictionaryTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    private static readonly DescribedField Name = new("Last_Name", "Surname 'of'", "text");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task users_come_and_go_with_zohos_list()
    {
        var ann = new CrmUser("1", "Ann", "ann@example.org", "CEO", "Administrator", true);
        (await Write([Name], ann, new CrmUser("2", "Bea", null, null, null, false))).ShouldBeTrue();
        (await projector.Row("select count(*), count(*) filter (where active) from legacy.users")).ShouldBe(new object[] { 2L, 1L });

        await Write([Name], new CrmUser("2", "Bea", null, null, null, true));
        (await projector.Row("select id, full_name, active from legacy.users")).ShouldBe(new object[] { "2", "Bea", true });

        await projector.Part<Dictionary>().Write(new([Name], [], AreUsersKnown: false), [], Stop);
        (await projector.Value<long>("select count(*) from legacy.users")).ShouldBe(1, "Zoho did not list its users");
        await Write([Name]);
        (await projector.Value<long>("select count(*) from legacy.users")).ShouldBe(0, "a token that may not read users knows none");
    }

    [Fact]
    public async Task a_column_of_users_names_stays_when_zoho_gets_a_field_of_that_name_and_other_names_are_written_in_any_case()
    {
        projector.Described = new("with a keeper", [new("Keeper", FieldType.Reference)]);
        await projector.Part<LegacyColumns>().For("with a keeper", Stop);
        DescribedField keeper = new("Keeper", "Keeper", "userlookup"), number = new("Keeper_Name", "Number", "integer");
        (await Write([keeper])).ShouldBeTrue();
        projector.Described = new("with its number", [new("Keeper", FieldType.Reference), new("Keeper_Name", FieldType.Integer)]);
        await projector.Part<LegacyColumns>().For("with its number", Stop);
        await projector.Fold(new LeadChanged("9500000000002", Source.Notification, DateTimeOffset.UnixEpoch, new(
            DateTimeOffset.UnixEpoch, "with its number", new Dictionary<string, string?> { ["Keeper"] = "8", ["Keeper_Name"] = "12" })));

        (await Write([keeper, number], new CrmUser("8", "Kim", null, null, null, true))).ShouldBeTrue();

        (await projector.Row("select keeper_name, keeper_name_zoho from legacy.leads_named where id = '9500000000002'"))
            .ShouldBe(new object[] { "Kim", 12L });
        await projector.Row("alter view legacy.leads_named rename column keeper_name_zoho to ours");
        projector.Described = new("with a helper", [new("Helper", FieldType.Reference)]);
        await projector.Part<LegacyColumns>().For("with a helper", Stop);
        await Should.ThrowAsync<PostgresException>(
            () => Write([new("Helper", "Helper", "userlookup")], new CrmUser("9", "Lee", null, null, null, true)));
        (await projector.Value<string>("select full_name from legacy.users")).ShouldBe("Lee", "users do not depend on the view");
        await projector.Row("alter view legacy.leads_named rename column ours to keeper_name_zoho");
    }

    [Fact]
    public async Task a_comment_follows_zoho_and_one_of_somebody_else_stays()
    {
        await Write([Name, new("No_of_Employees", "Staff", "integer")]);
        (await Comment("last_name")).ShouldBe("Surname 'of' (Last_Name, text in Zoho)");

        await projector.Row("comment on column legacy.leads.no_of_employees is 'ours'");
        await Write([Name with { Label = "Family name" }, new("No_of_Employees", "People", "integer")]);

        (await Comment("last_name")).ShouldBe("Family name (Last_Name, text in Zoho)");
        (await Comment("no_of_employees")).ShouldBe("ours");
    }

    [Fact]
    public async Task the_sync_of_zohos_fields_is_published_and_an_older_gateway_without_it_changes_nothing()
    {
        await Write([Name with { SyncedAs = FieldType.Text }, new("Visits", "Visits", "subform", Reason: "Zoho exports no subform")]);
        await Write([Name with { SyncedAs = FieldType.Text, Label = "Family name" }, new("Fee", null, "currency", FieldType.Numeric)]);
        await Write([Name]);

        (await projector.Row("select string_agg(concat_ws(' ', api_name, label, data_type, synced_as, reason), ', ' order by position) "
            + "from projector.described_fields"))
            .ShouldBe(new object[] { "Last_Name Family name text Text, Fee currency Numeric" });
    }

    [Fact]
    public async Task a_field_that_changes_its_type_gets_a_new_description_although_no_column_is_added()
    {
        var dictionary = projector.Part<Dictionary>();
        var (described, retyped) = (projector.Described!, new DescribedField("No_of_Employees", "Staff", "text", FieldType.Text));
        projector.Dictionary = new([retyped with { DataType = "integer", SyncedAs = FieldType.Integer }], []);
        await dictionary.StartAsync(Stop);
        await Described("integer Integer");

        projector.Dictionary = new([retyped], []);
        projector.Described = new(
            "retyped",
            [.. described.Fields.Select(field => field.ApiName == retyped.ApiName ? field with { Type = FieldType.Text } : field)]);
        await projector.Part<LegacyColumns>().For("retyped", Stop);

        await Described("text Text");
        await dictionary.StopAsync(Stop);
        projector.Described = described;
    }

    [Fact]
    public async Task a_reader_that_is_in_the_way_is_not_waited_for()
    {
        await Write([Name]);
        await using var reader = await projector.Database.OpenConnectionAsync(Stop);
        await using var hour = await reader.BeginTransactionAsync(Stop);
        await using (var read = new NpgsqlCommand("select count(*) from legacy.leads_named", reader))
            await read.ExecuteScalarAsync(Stop);

        // A field now has users as its values, so the view gets a column.
        var owner = new DescribedField("Last_Name", "Owner", "userlookup");
        (await Write([owner])).ShouldBeFalse();
        await projector.Fold(RebuildParts.Seen("9500000000001", 1, 1, "7"));
        await hour.RollbackAsync(Stop);

        (await Write([owner], new CrmUser("7", "Zoë", null, null, null, true))).ShouldBeTrue();
        (await projector.Value<string>("select last_name_name from legacy.leads_named where id = '9500000000001'")).ShouldBe("Zoë");
    }

    private async Task<bool> Write(DescribedField[] fields, params CrmUser[] users) =>
        await projector.Part<Dictionary>().Write(new(fields, users), await projector.Part<LegacyColumns>().Read(Stop), Stop);

    private Task Described(string types) => Wait.UntilAsync($"a field is described as {types}", async () => await projector.Row(
        "select 1 from projector.described_fields where api_name = 'No_of_Employees' and concat_ws(' ', data_type, synced_as) = $1",
        types) is not null,
        TimeSpan.FromMinutes(1), Stop);

    private async Task<string?> Comment(string column) => (string?)(await projector.Row(
        "select col_description(attrelid, attnum) from pg_attribute where attrelid = 'legacy.leads'::regclass and attname = $1",
        column))?[0];
}
