using System.Net;
using System.Text.Json;

namespace LeadSync.ZohoSimulator.Tests;

public sealed class DeletedTests
{
    [Fact]
    public async Task a_deleted_lead_is_recycled_then_permanent_then_forgotten()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var id = (await zoho.ChangeAsync("delete")).Single();

        (await OnlyAsync(zoho)).GetProperty("type").GetString().ShouldBe("recycle");
        await LaterAsync(zoho, 61);
        var permanent = await OnlyAsync(zoho);
        permanent.GetProperty("id").GetString().ShouldBe(id);
        permanent.GetProperty("type").GetString().ShouldBe("permanent");
        permanent.GetProperty("deleted_by").ValueKind.ShouldBe(JsonValueKind.Null);
        await LaterAsync(zoho, 60);
        (await zoho.GetAsync("/crm/v8/Leads/deleted")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task a_restored_lead_comes_back_without_a_new_Modified_Time_unless_the_dial_says_so()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var ids = await zoho.ChangeAsync("delete");
        var before = (await zoho.GetAsync($"/control/leads/{ids[0]}")).Body.GetProperty("Modified_Time").GetString();

        (await zoho.PostAsync("/crm/v8/settings/recycle_bin/actions/restore", new { ids })).Status.ShouldBe(HttpStatusCode.OK);
        (await zoho.GetAsync($"/crm/v8/Leads/{ids[0]}")).Data[0].GetProperty("Modified_Time").GetString().ShouldBe(before);
        (await zoho.GetAsync("/crm/v8/Leads/deleted")).Status.ShouldBe(HttpStatusCode.NoContent);

        await zoho.ChangeAsync("delete", new { ids });
        await zoho.ChangeAsync("restore", new { ids, moveModifiedTime = true });
        (await zoho.GetAsync($"/crm/v8/Leads/{ids[0]}")).Data[0].GetProperty("Modified_Time").GetString().ShouldNotBe(before);
    }

    [Fact]
    public async Task a_purged_lead_cannot_be_restored()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        var ids = await zoho.ChangeAsync("delete");
        await zoho.DeleteAsync($"/crm/v8/settings/recycle_bin/{ids[0]}");
        (await zoho.PostAsync("/crm/v8/settings/recycle_bin/actions/restore", new { ids })).Code.ShouldBe("INVALID_DATA");
        (await OnlyAsync(zoho)).GetProperty("type").GetString().ShouldBe("permanent");
    }

    [Fact]
    public async Task If_Modified_Since_looks_at_the_time_of_deletion()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        await zoho.ChangeAsync("delete");
        var deleted = DateTimeOffset.Parse($"{(await OnlyAsync(zoho)).GetProperty("deleted_time")}");
        (await zoho.GetAsync("/crm/v8/Leads/deleted", modifiedSince: deleted)).Status.ShouldBe(HttpStatusCode.OK);
        (await zoho.GetAsync("/crm/v8/Leads/deleted", modifiedSince: deleted.AddSeconds(1))).Status.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task a_wrong_type_is_refused_inside_data()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        (await zoho.GetAsync("/crm/v8/Leads/deleted?type=gone")).Data[0].GetProperty("code").GetString().ShouldBe("PATTERN_NOT_MATCHED");
    }

    private static async Task<JsonElement> OnlyAsync(SimulatedZoho zoho) =>
        (await zoho.GetAsync("/crm/v8/Leads/deleted")).Data.EnumerateArray().Single();

    private static async Task LaterAsync(SimulatedZoho zoho, int days)
    {
        await zoho.AdvanceAsync(TimeSpan.FromDays(days));
        await zoho.RenewTokenAsync();
    }
}
