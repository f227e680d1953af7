using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Watch.Deliveries;

namespace LeadSync.ZohoSimulator.Watch;

internal static class WatchRegistration
{
    public static void AddWatch(this IServiceCollection services)
    {
        services.AddSingleton<Channels>();
        services.AddSingleton<WatchEndpoints>();
        services.AddSingleton<Announcements>();
        services.AddSingleton<DeliveryQueue>();
        services.AddSingleton<DeliveryBody>();
        services.AddSingleton<DeliveryLog>();
        services.AddSingleton<DeliverySender>();
        services.AddHostedService<DeliveryPump>();
    }

    public static void MapWatch(this IEndpointRouteBuilder crm)
    {
        const string path = "/actions/watch";
        crm.MapPost(path, (WatchEndpoints watch, string version, HttpRequest request) => watch.Post(version, request))
            .Call("watch.post", 1, Scope("CREATE"));
        crm.MapPut(path, (WatchEndpoints watch, string version, HttpRequest request) => watch.Put(version, request))
            .Call("watch.put", 1, Scope("WRITE"));
        crm.MapPatch(path, (WatchEndpoints watch, string version, HttpRequest request) => watch.Patch(version, request))
            .Call("watch.patch", 1, Scope("UPDATE"));
        crm.MapDelete(path, (WatchEndpoints watch, HttpRequest request) => watch.Delete(request))
            .Call("watch.delete", 1, Scope("DELETE"));
        crm.MapGet(path, (WatchEndpoints watch, string? channel_id, string? module, int page = 1, int per_page = 200) =>
                watch.Get(channel_id, module, page, per_page))
            .Call("watch.get", 1, Scope("READ"));
    }

    private static string[] Scope(string verb) => ["ZohoCRM.notifications.ALL", $"ZohoCRM.notifications.{verb}"];
}
