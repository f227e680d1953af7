using LeadSync.Contracts;
using LeadSync.IntegrationTests.Projector;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Names;
using Npgsql;

namespace LeadSync.IntegrationTests.Names;

/// <summary>What a dictionary does to users, to the view with names, and to comments.</summary>
public sealed class DictionaryTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    private static readonly DescribedField Name = new("Last_Name", "Surname 'of'", "text");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task users_come_and_go_with_what_zoho_lists()
    {
        (await Write([Name], new CrmUser("1", "Ann", "ann@example.org", "CEO", "Administrator", true), new CrmUser("2", "Bea", null, null, null, false))).ShouldBeTrue();
        (await projector.Row("select count(*), count(*) filter (where active) from legacy.users")).ShouldBe(new object[] { 2L, 1L });

        await Write([Name], new CrmUser("2", "Bea", null, null, null, true));
        (await projector.Row("select id, full_name, active from legacy.users")).ShouldBe(new object[] { "2", "Bea", true });

        await Write([Name]);
        (await projector.Value<long>("select count(*) from legacy.users")).ShouldBe(0, "a token that may not read users knows none");
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
    public async Task a_reader_that_is_in_the_way_is_not_waited_for()
    {
        await Write([Name]);
        await using var reader = await projector.Database.OpenConnectionAsync(Stop);
        await using var hour = await reader.BeginTransactionAsync(Stop);
        await using (var read = new NpgsqlCommand("select count(*) from legacy.leads_named", reader))
            await read.ExecuteScalarAsync(Stop);

        // A field that holds users by now: the view gets a column.
        var owner = new DescribedField("Last_Name", "Owner", "userlookup");
        (await Write([owner])).ShouldBeFalse();
        await projector.Fold(RebuildParts.Seen("9500000000001", 1, 1, "7"));
        await hour.RollbackAsync(Stop);

        (await Write([owner], new CrmUser("7", "Zoë", null, null, null, true))).ShouldBeTrue();
        (await projector.Value<string>("select last_name_name from legacy.leads_named where id = '9500000000001'")).ShouldBe("Zoë");
    }

    private async Task<bool> Write(DescribedField[] fields, params CrmUser[] users) =>
        await projector.Part<Dictionary>().Write(new(fields, users), await projector.Part<LegacyColumns>().Read(Stop), Stop);

    private async Task<string?> Comment(string column) => (string?)(await projector.Row(
        "select col_description(attrelid, attnum) from pg_attribute where attrelid = 'legacy.leads'::regclass and attname = $1", column))?[0];
}
