using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Oauth;
using LeadSync.ZohoSimulator.Watch;
using LeadSync.ZohoSimulator.Watch.Deliveries;

namespace LeadSync.ZohoSimulator.Control;

/// <summary>Everything below <c>/control</c>; README.md shows how to call it.</summary>
internal static class ControlRegistration
{
    public static void AddControl(this IServiceCollection services)
    {
        services.AddSingleton<Statistics>();
        services.AddSingleton<StatisticsEndpoint>();
        services.AddSingleton<Picks>();
        services.AddSingleton<NewValues>();
        services.AddSingleton<LeadControl>();
        services.AddSingleton<ChangeStream>();
        services.AddSingleton<Truth>();
    }

    public static void MapControl(this WebApplication app)
    {
        app.MapGet("/health/{kind:alpha}", () => "ready");
        var control = app.MapGroup("/control");
        control.MapGet("/dials", DialsEndpoint.Get);
        control.MapPut("/dials", (Dials dials, JsonElement changes) => DialsEndpoint.Put(dials, changes));
        control.MapGet("/statistics", (StatisticsEndpoint statistics) => statistics.Get());
        MapLeads(control.MapGroup("/leads"));
        MapEvents(control);
        control.MapPost("/stream/start", (ChangeStream stream, StreamOrder order) => stream.Start(order));
        control.MapPost("/stream/stop", (ChangeStream stream) => stream.Stop());
        control.MapGet("/stream", (ChangeStream stream) => new { stream.Runs, stream.Changes });
    }

    private static void MapLeads(IEndpointRouteBuilder leads)
    {
        leads.MapGet("/", (Truth truth, HttpContext context, long after = 0, int limit = int.MaxValue) =>
            truth.ListAsync(context, after, limit));
        leads.MapGet("/{id:long}", (Truth truth, HttpContext context, long id) => truth.SingleAsync(context, id));
        leads.MapPost("/create", (LeadControl control, LeadOrder order) => control.Create(order));
        leads.MapPost("/edit", (LeadControl control, LeadOrder order) => control.Edit(order));
        leads.MapPost("/touch-related", (LeadControl control, LeadOrder order) => control.TouchRelated(order));
        leads.MapPost("/delete", (LeadControl control, LeadOrder order) => control.Delete(order));
        leads.MapPost("/purge", (LeadControl control, LeadOrder order) => control.Purge(order));
        leads.MapPost("/restore", (LeadControl control, LeadOrder order) => control.Restore(order));
        leads.MapPost("/convert", (LeadControl control, LeadOrder order) => control.Convert(order));
        leads.MapPost("/merge", (LeadControl control, LeadOrder order) => control.Merge(order));
        leads.MapPost("/mass-update", (LeadControl control, LeadOrder order) => control.MassUpdate(order));
    }

    private static void MapEvents(IEndpointRouteBuilder control)
    {
        control.MapPost("/clock/advance", (VirtualClock clock, ClockOrder order) => clock.Advance(order.By));
        control.MapPost("/access-tokens/revoke", (AccessTokens tokens) => tokens.RevokeAll());
        control.MapPost("/refresh-token/revoke", (AccessTokens tokens) => { tokens.IsRevoked = true; });
        control.MapPost("/refresh-token/restore", (AccessTokens tokens) => { tokens.IsRevoked = false; });
        control.MapDelete("/channels", (Channels channels) => channels.Remove(_ => true));
        control.MapDelete("/channels/{id}", (Channels channels, string id) => channels.Remove(one => one.ChannelId == id));
        control.MapPost("/deliveries/release", (DeliveryQueue queue) => queue.Release());
        control.MapGet("/deliveries", (DeliveryLog log) => log.Read());
        control.MapDelete("/deliveries", (DeliveryQueue queue) => queue.Clear());
        control.MapPost("/formulas/drift", (Drift drift) => drift.Step());
        control.MapPost("/choices", (FieldCatalogue fields, ChoiceOrder order) => fields.Rename(order.Field, order.Choice, order.Shown));
        control.MapPost("/fields", (FieldCatalogue fields, NewField field) => field.AddTo(fields));
    }
}

/// <param name="Choice">The stored name.</param>
/// <param name="Shown">The displayed name from now on.</param>
internal sealed record ChoiceOrder(string Field, string Choice, string Shown);

/// <param name="By"><c>d.hh:mm:ss</c>; negative turns the clock back.</param>
internal sealed record ClockOrder(TimeSpan By);
