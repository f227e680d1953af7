using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Names;

/// <summary>The names of users beside the view, and the Zoho field of each column.</summary>
[Collection(nameof(FreshSync))]
public sealed class NamedLeadsTests(FreshSync fresh)
{
    private RunningSync Sync => fresh.Sync;

    [Fact]
    public async Task every_owner_has_the_name_that_zoho_knows()
    {
        await RunningSync.Until("legacy.users has rows", async () => await Sync.Value("select count(*) from legacy.users") is 6L);
        await RunningSync.Until(
            "owners have names", async () => await Sync.Value("""
                select true from pg_attribute where attrelid = 'legacy.leads_named'::regclass and attname = 'owner_name'
                """) is true);

        (await Sync.Value("select count(*) from legacy.leads_named where owner_name is null")).ShouldBe(0L);
        (await Sync.Value("select count(*) from legacy.leads_named n join legacy.users u on u.id = n.owner "
            + "where n.owner_name <> u.full_name")).ShouldBe(0L);
        (await Sync.Value("select count(*) from legacy.leads_named where second_owner is not null and second_owner_name is null"))
            .ShouldBe(0L);
        (await Sync.Value("select count(*) from legacy.leads_named")).ShouldBe(await Sync.Value("select count(*) from legacy.leads"));
        (await Sync.Value("select string_agg(full_name, ',') from legacy.users where not active")).ShouldBe("Omar Haddad");
        (await Sync.Value("select concat_ws('|', email is not null, role, profile) from legacy.users where full_name = 'Patricia Boyle'"))
            .ShouldBe("t|CEO|Administrator");
    }

    [Fact]
    public async Task a_columns_comment_names_its_field_in_zoho()
    {
        await RunningSync.Until("columns are explained", async () => await Sync.Value(Comment) is not null);

        (await Sync.Value(Comment)).ShouldBe("Annual Revenue (Annual_Revenue, currency in Zoho)");
    }

    private const string Comment = """
        select col_description(attrelid, attnum) from pg_attribute where attrelid = 'legacy.leads'::regclass and attname = 'annual_revenue'
        """;
}
