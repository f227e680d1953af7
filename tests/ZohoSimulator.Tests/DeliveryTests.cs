using System.Text.Json;

namespace LeadSync.ZohoSimulator.Tests;

public sealed class DeliveryTests
{
    [Fact]
    public async Task an_edit_is_delivered_with_the_values_it_changed()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        await using var listener = await NotifyListener.StartAsync();
        await SubscribeAsync(zoho, listener);

        var id = (await zoho.ChangeAsync("edit", new { values = new { City = "Rome" } })).Single();
        await listener.UntilAsync(() => listener.Bodies.Count == 1);

        var body = listener.Bodies.Single();
        body.GetProperty("operation").GetString().ShouldBe("update");
        body.GetProperty("module").GetString().ShouldBe("Leads");
        body.GetProperty("channel_id").GetString().ShouldBe("7");
        body.GetProperty("token").GetString().ShouldBe("secret");
        body.GetProperty("server_time").ValueKind.ShouldBe(JsonValueKind.Number);
        body.GetProperty("resource_uri").GetString().ShouldBe("https://www.zohoapis.com/crm/v2/Leads");
        body.GetProperty("query_params").GetProperty("k").GetString().ShouldBe("v w");
        body.GetProperty("affected_fields")[0].GetProperty(id)[0].GetString().ShouldBe("City");
        body.GetProperty("affected_values")[0].GetProperty("values").GetProperty("City").GetString().ShouldBe("Rome");
    }

    [Fact]
    public async Task a_lead_that_is_created_edited_and_deleted_is_announced_in_that_order()
    {
        await using var zoho = await SimulatedZoho.StartAsync();
        await using var listener = await NotifyListener.StartAsync();
        await SubscribeAsync(zoho, listener);

        var ids = await zoho.ChangeAsync("create");
        await zoho.ChangeAsync("edit", new { ids });
        await zoho.ChangeAsync("delete", new { ids });
        await listener.UntilAsync(() => listener.Bodies.Count == 3);

        listener.Bodies.Select(body => body.GetProperty("operation").GetString()).ShouldBe(["insert", "update", "delete"]);
        listener.Bodies.First().GetProperty("affected_fields").GetArrayLength().ShouldBe(0);
        var deleted = listener.Bodies.Last().GetProperty("affected_values")[0].GetProperty("values");
        deleted.GetProperty("Record_Status__s").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task several_ids_come_in_one_delivery_and_none_is_lost()
    {
        await using var zoho = await SimulatedZoho.StartAsync("DeliveryIds=5");
        await using var listener = await NotifyListener.StartAsync();
        await SubscribeAsync(zoho, listener);

        var ids = await zoho.ChangeAsync("edit", new { count = 40 });
        await listener.UntilAsync(() => listener.Ids.Count() == 40);

        listener.Ids.ShouldBe(ids, ignoreOrder: true);
        listener.Bodies.Max(body => body.GetProperty("ids").GetArrayLength()).ShouldBeInRange(2, 5);
    }

    [Fact]
    public async Task dropped_deliveries_are_counted_and_the_others_arrive()
    {
        await using var zoho = await SimulatedZoho.StartAsync("DeliveryDropRate=0.5", "Leads=300");
        await using var listener = await NotifyListener.StartAsync();
        await SubscribeAsync(zoho, listener);

        await zoho.ChangeAsync("edit", new { count = 200 });
        var dropped = await zoho.CountedAsync("deliveries.dropped");
        await listener.UntilAsync(() => listener.Bodies.Count == 200 - dropped);

        dropped.ShouldBeInRange(50, 150);
    }

    [Fact]
    public async Task a_repeated_delivery_comes_twice()
    {
        await using var zoho = await SimulatedZoho.StartAsync("DeliveryDuplicateRate=1");
        await using var listener = await NotifyListener.StartAsync();
        await SubscribeAsync(zoho, listener);

        var id = (await zoho.ChangeAsync("edit")).Single();
        await listener.UntilAsync(() => listener.Bodies.Count == 2);

        listener.Ids.ShouldBe([id, id]);
    }

    [Fact]
    public async Task delayed_deliveries_wait_until_they_are_released()
    {
        await using var zoho = await SimulatedZoho.StartAsync("DeliveryDelay=10:00:00");
        await using var listener = await NotifyListener.StartAsync();
        await SubscribeAsync(zoho, listener);

        var ids = await zoho.ChangeAsync("edit", new { count = 3 });
        (await zoho.GetAsync("/control/statistics")).Body.GetProperty("deliveriesWaiting").GetInt32().ShouldBe(3);
        await zoho.PostAsync("/control/deliveries/release");
        await listener.UntilAsync(() => listener.Bodies.Count == 3);

        listener.Ids.ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task a_wrong_token_a_null_token_and_a_numeric_channel_can_be_sent()
    {
        await using var zoho = await SimulatedZoho.StartAsync("DeliveryWrongTokenRate=1", "DeliveryNumericChannelId=true");
        await using var listener = await NotifyListener.StartAsync();
        await SubscribeAsync(zoho, listener);

        await zoho.ChangeAsync("edit");
        await listener.UntilAsync(() => listener.Bodies.Count == 1);
        await zoho.SetAsync(new { DeliveryNullToken = true });
        await zoho.ChangeAsync("edit");
        await listener.UntilAsync(() => listener.Bodies.Count == 2);

        listener.Bodies.First().GetProperty("token").GetString().ShouldNotBe("secret");
        listener.Bodies.First().GetProperty("channel_id").GetInt64().ShouldBe(7);
        listener.Bodies.Last().GetProperty("token").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static Task<Answer> SubscribeAsync(SimulatedZoho zoho, NotifyListener listener) => zoho.PostAsync("/crm/v8/actions/watch", new
    {
        watch = new[]
        {
            new
            {
                channel_id = 7,
                events = new[] { "Leads.all" },
                token = "secret",
                notify_url = $"{listener.Url}/zoho?k=v%20w",
                return_affected_field_values = true,
            },
        },
    });
}
