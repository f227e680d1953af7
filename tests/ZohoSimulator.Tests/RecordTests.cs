using System.Net;

namespace LeadSync.ZohoSimulator.Tests;

public sealed class RecordTests
{
    [Fact]
    public async Task page_tokens_walk_through_every_lead_once()
    {
        await using var zoho = await SimulatedZoho.StartAsync("Leads=450");
        var ids = new List<string>();
        for (string? token = ""; token is not null;)
        {
            var next = token.Length > 0 ? $"&page_token={token}" : "";
            var page = await zoho.GetAsync($"/crm/v8/Leads?fields=Last_Name&per_page=200&converted=both{next}");
            ids.AddRange(page.Data.Each("id"));
            token = page.Body.GetProperty("info").GetProperty("next_page_token").GetString();
        }

        ids.ShouldBe((await zoho.TruthAsync()).Select(lead => $"{lead.GetProperty("id")}").Reverse());
    }

    [Fact]
    public async Task a_page_token_belongs_to_its_parameters()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var page = await zoho.GetAsync("/crm/v8/Leads?fields=Last_Name&per_page=10");
        var token = page.Body.GetProperty("info").GetProperty("next_page_token");
        (await zoho.GetAsync($"/crm/v8/Leads?fields=City&per_page=10&page_token={token}")).Code.ShouldBe("TOKEN_BOUND_DATA_MISMATCH");
    }

    [Theory]
    [InlineData("", "REQUIRED_PARAM_MISSING")]
    [InlineData("fields=City&page=11&per_page=200", "DISCRETE_PAGINATION_LIMIT_EXCEEDED")]
    [InlineData("fields=City&sort_by=City", "INVALID_DATA")]
    [InlineData("fields=City&page=1&page_token=x", "AMBIGUITY_DURING_PROCESSING")]
    public async Task a_list_that_asks_for_too_much_is_refused(string query, string code)
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var answer = await zoho.GetAsync($"/crm/v8/Leads?{query}");
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Code.ShouldBe(code);
    }

    [Fact]
    public async Task a_list_has_at_most_50_fields()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var names = (await zoho.GetAsync("/crm/v8/settings/fields?module=Leads")).Body.GetProperty("fields").Each("api_name").ToList();
        names.Count.ShouldBeGreaterThan(56);
        (await zoho.GetAsync($"/crm/v8/Leads?fields={string.Join(',', names.Take(50))}")).Status.ShouldBe(HttpStatusCode.OK);
        (await zoho.GetAsync($"/crm/v8/Leads?fields={string.Join(',', names.Take(51))}")).Code.ShouldBe("LIMIT_EXCEEDED");
    }

    [Fact]
    public async Task converted_leads_are_listed_only_when_asked_for()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var id = (await zoho.ChangeAsync("convert")).Single();
        (await zoho.GetAsync($"/crm/v8/Leads?fields=City&ids={id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await zoho.GetAsync($"/crm/v8/Leads?fields=City&ids={id}&converted=both")).Data.GetArrayLength().ShouldBe(1);
        (await zoho.GetAsync($"/crm/v8/Leads/{id}")).Data[0].GetProperty("Converted__s").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task If_Modified_Since_is_inclusive_and_nothing_newer_is_304()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var id = (await zoho.ChangeAsync("edit")).Single();
        var modified = DateTimeOffset.Parse($"{(await zoho.GetAsync($"/control/leads/{id}")).Body.GetProperty("Modified_Time")}");

        (await zoho.GetAsync("/crm/v8/Leads?fields=City&converted=both", modifiedSince: modified)).Data.Each("id").ShouldBe([id]);
        (await zoho.GetAsync("/crm/v8/Leads?fields=City", modifiedSince: modified.AddSeconds(1))).Status.ShouldBe(
            HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task rich_texts_are_cut_everywhere_but_in_one_call_and_other_texts_nowhere()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var text = new string('x', 5000);
        var id = (await zoho.ChangeAsync("edit", new { values = new { Description = text, Briefing = text } })).Single();
        foreach (var path in new[] { $"/crm/v8/Leads?fields=Description,Briefing&ids={id}&converted=both", $"/crm/v8/Leads/{id}" })
        {
            (await zoho.GetAsync(path)).Data.Each("Description").ShouldBe([text]);
            (await zoho.GetAsync(path)).Data.Each("Briefing").ShouldBe([text[..500]]);
        }

        (await zoho.GetAsync($"/crm/v8/Leads/actions/fetch_full_data?ids={id}&fields=Briefing")).Data.Each("Briefing").ShouldBe([text]);
        (await zoho.GetAsync($"/crm/v6/Leads/{id}/actions/fetch_full_data")).Data.Each("Briefing").ShouldBe([text]);
        (await zoho.GetAsync($"/crm/v7/Leads/actions/fetch_full_data?ids={id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task leads_that_wait_for_an_approval_can_be_left_out_of_lists_without_the_parameter()
    {
        await using var zoho = await SimulatedZoho.StartAsync("LeadsInApproval=1", "ListsApproved=true");
        (await zoho.GetAsync("/crm/v8/Leads?fields=City")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await zoho.GetAsync("/crm/v8/Leads?fields=City&approved=both")).Data.GetArrayLength().ShouldBeGreaterThan(0);
        await zoho.SetAsync(new { ApprovedIsRefused = true });
        (await zoho.GetAsync("/crm/v8/Leads?fields=City&approved=both")).Code.ShouldBe("INVALID_DATA");
    }

    [Fact]
    public async Task metadata_has_every_object_with_every_field_empty_where_it_does_not_apply()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var fields = (await zoho.GetAsync("/crm/v8/settings/fields?module=Leads")).Body.GetProperty("fields").EnumerateArray()
            .ToDictionary(field => $"{field.GetProperty("api_name")}");

        string[] always =
        [
            "formula", "rollup_summary", "lookup", "multiselectlookup", "multi_module_lookup", "currency", "unique",
            "auto_number", "textarea",
        ];
        foreach (var name in always)
            $"{fields["City"].GetProperty(name)}".ShouldBe("{}");
        $"{fields["Open_Deals"].GetProperty("rollup_summary").GetProperty("return_type")}".ShouldBe("integer");
        $"{fields["Open_Deals"].GetProperty("formula")}".ShouldBe("{}");
        $"{fields["Briefing"].GetProperty("textarea").GetProperty("type")}".ShouldBe("rich_text");
        fields.Values.Where(field => $"{field.GetProperty("data_type")}" is not ("subform" or "multiselectlookup"))
            .ShouldAllBe(field => field.GetProperty("length").GetInt32() > 0);
        fields["Lead_Status"].GetProperty("pick_list_values").EnumerateArray()
            .Single(choice => $"{choice.GetProperty("actual_value")}" == "Pre-Qualified").GetProperty("display_value").GetString()
            .ShouldBe("Pre-qualified (by phone)");
    }

    [Fact]
    public async Task reads_that_lag_show_the_lead_as_it_was()
    {
        await using var zoho = await SimulatedZoho.StartAsync("ReadLag=10:00:00");
        var id = (await zoho.ChangeAsync("edit", new { values = new { City = "Rome" } })).Single();
        (await zoho.GetAsync($"/crm/v8/Leads/{id}")).Data[0].GetProperty("City").GetString().ShouldNotBe("Rome");
        var created = (await zoho.ChangeAsync("create")).Single();
        (await zoho.GetAsync($"/crm/v8/Leads/{created}")).Status.ShouldBe(HttpStatusCode.NoContent);
        await zoho.SetAsync(new { ReadLag = "00:00:00" });
        (await zoho.GetAsync($"/crm/v8/Leads/{id}")).Data[0].GetProperty("City").GetString().ShouldBe("Rome");
    }

    [Fact]
    public async Task a_lead_is_created_updated_and_deleted_through_the_API()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var lead = new { Last_Name = "Doe", Company = "Zylker", Annual_Revenue = 1500.5 };
        var created = await zoho.PostAsync("/crm/v8/Leads", new { data = new[] { lead } });
        created.Status.ShouldBe(HttpStatusCode.Created);
        var id = $"{created.Data[0].GetProperty("details").GetProperty("id")}";
        await zoho.PutAsync($"/crm/v8/Leads/{id}", new { data = new[] { new { City = "Rome" } } });

        var record = (await zoho.GetAsync($"/crm/v8/Leads/{id}")).Data[0];
        record.GetProperty("Full_Name").GetString().ShouldBe("Doe");
        record.GetProperty("City").GetString().ShouldBe("Rome");
        record.GetProperty("Annual_Revenue").GetDecimal().ShouldBe(1500.5m);

        (await zoho.DeleteAsync($"/crm/v8/Leads?ids={id},12")).Status.ShouldBe(HttpStatusCode.MultiStatus);
        (await zoho.GetAsync($"/crm/v8/Leads/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task the_same_seed_gives_the_same_leads()
    {
        await using var one = await SimulatedZoho.StartAsync("Seed=5");
        await using var same = await SimulatedZoho.StartAsync("Seed=5");
        await using var other = await SimulatedZoho.StartAsync("Seed=6");
        var truth = await one.TruthTextAsync();
        (await same.TruthTextAsync()).ShouldBe(truth);
        (await other.TruthTextAsync()).ShouldNotBe(truth);
    }
}
