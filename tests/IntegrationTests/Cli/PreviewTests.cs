using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Cli;

/// <summary>The cost of a first sync, which the command asks Zoho for with only the gateway's settings.</summary>
[Collection(nameof(HealthySync))]
public sealed class PreviewTests(HealthySync healthy)
{
    private RunningSync Sync => healthy.Sync;

    private IReadOnlyDictionary<string, string> Settings =>
        Sync.Services.Environment.Where(setting => setting.Key.StartsWith("Zoho__", StringComparison.Ordinal)).ToDictionary()
            .Append(KeyValuePair.Create("LEADSYNC_URL", "http://127.0.0.1:1")).ToDictionary();

    [Fact]
    public async Task a_preview_shows_leads_pages_and_credits_before_any_service_runs()
    {
        var preview = await CommandLine.Run(Settings, "preview", "--json");

        preview.ExitCode.ShouldBe(0);
        preview.Json.GetProperty("leads").GetInt64().ShouldBeInRange(30, 50);
        preview.Json.GetProperty("pages").GetInt64().ShouldBe(1);
        preview.Json.GetProperty("credits").GetInt64().ShouldBeGreaterThanOrEqualTo(52);
        preview.Json.GetProperty("creditsPerDay").GetInt64().ShouldBe(75_000);
        (await CommandLine.Run(Settings, "preview", "--leads", "450000")).Output.ShouldContain("The first sync can begin.");
    }

    [Fact]
    public async Task a_preview_shows_how_fields_are_synced_and_why_others_are_not()
    {
        var preview = await CommandLine.Run(Settings, "preview", "--leads", "450000", "--json");

        var fields = preview.Json.GetProperty("fieldPlan").EnumerateArray().ToDictionary(field => $"{field.GetProperty("name")}");
        $"{fields["Open_Deals"].GetProperty("syncedAs")}".ShouldBe("integer");
        $"{fields["Briefing"].GetProperty("reason")}".ShouldContain("read in full");
        $"{fields["Visits"].GetProperty("reason")}".ShouldBe("Zoho exports no subform");
        fields.Values.ShouldAllBe(field => field.GetProperty("change").ValueKind == System.Text.Json.JsonValueKind.Null);
        (await CommandLine.Run(Settings, "preview", "--leads", "450000")).Output.ShouldContain("Zoho exports no subform");
    }

    [Fact]
    public async Task with_a_view_a_preview_shows_the_changes_of_its_columns()
    {
        var type = await Sync.Value("select type from projector.columns where api_name = 'No_of_Employees'");
        await Sync.Value("update projector.columns set type = 'Date' where api_name = 'No_of_Employees' returning 1");
        await Sync.Value("insert into projector.columns (api_name, type) values ('Gone_Long_Ago', 'Text') returning 1");
        try
        {
            var settings = new Dictionary<string, string>(Settings)
            {
                ["ConnectionStrings__Postgres"] = Sync.Services.Environment["ConnectionStrings__Postgres"],
                ["Zoho__Fields"] = "Last_Name,No_of_Employees,Never_Seen",
            };

            var preview = await CommandLine.Run(settings, "preview", "--leads", "450000", "--json");

            var fields = preview.Json.GetProperty("fieldPlan").EnumerateArray()
                .ToDictionary(field => $"{field.GetProperty("name")}", field => $"{field.GetProperty("change")}");
            fields["Last_Name"].ShouldBe("");
            fields["No_of_Employees"].ShouldStartWith("its type: the column stays date");
            fields["City"].ShouldStartWith("no longer synced");
            fields["Gone_Long_Ago"].ShouldStartWith("the column stays");
        }
        finally
        {
            await Sync.Value("update projector.columns set type = $1 where api_name = 'No_of_Employees' returning 1", type!);
            await Sync.Value("delete from projector.columns where api_name = 'Gone_Long_Ago' returning 1");
        }
    }

    [Fact]
    public async Task too_few_credits_exit_with_one()
    {
        await Sync.Turn(new { creditsPerDay = 1 });
        try
        {
            var preview = await CommandLine.Run(Settings, "preview");
            preview.ExitCode.ShouldBe(1);
            preview.Output.ShouldContain("too few API credits");
        }
        finally
        {
            await Sync.Turn(new { creditsPerDay = 5_000_000 });
        }
    }

    [Fact]
    public async Task a_missing_scope_is_named_and_an_option_replaces_it()
    {
        await Sync.Turn(new { missingScopes = "ZohoSearch.securesearch.READ,ZohoCRM.org.READ" });
        try
        {
            var refused = await CommandLine.Run(Settings, "preview");
            refused.ExitCode.ShouldBe(1);
            refused.Error.ShouldContain("ZohoSearch.securesearch.READ");
            (await CommandLine.Run(Settings, "preview", "--leads", "450000", "--json")).Json.GetProperty("pages").GetInt64().ShouldBe(3);
        }
        finally
        {
            await Sync.Turn(new { missingScopes = "" });
        }
    }

    [Fact]
    public async Task without_an_answer_of_zoho_a_preview_exits_with_three()
    {
        var nobody = new Dictionary<string, string>(Settings) { ["Zoho__AccountsUrl"] = "http://127.0.0.1:1" };

        (await CommandLine.Run(nobody, "preview")).ExitCode.ShouldBe(3);
    }
}
