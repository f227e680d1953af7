using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Network;

namespace LeadSync.Gateway.Zoho;

internal static class ZohoRegistration
{
    private static readonly JsonSerializerOptions FieldsJson = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    public static void AddZoho(this WebApplicationBuilder builder)
    {
        var settings = new Settings(builder.Configuration);
        var zoho = ZohoOptions.From(settings);
        builder.Services.AddSingleton(zoho);
        builder.Services.AddSingleton(GatewayOptions.From(settings, callbackSecret: zoho.CallbackSecret()));

        builder.Services.AddZohoAccess();
        builder.Services.AddSingleton<AccessTokenStore>();
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddSingleton<CallPlaces>();
        builder.Services.AddSingleton<ZohoLanes>();
        builder.Services.AddSingleton<ZohoHttp>().AddSingleton<IZohoCalls>(services => services.GetRequiredService<ZohoHttp>());
        builder.Services.AddSingleton<IWatchApi, WatchApi>();
        builder.Services.AddSingleton<IRecordsApi, RecordsApi>();
        builder.Services.AddSingleton<IBulkReadApi, BulkReadApi>();
        builder.Services.AddSingleton<IFieldsApi, FieldsApi>();
        builder.Services.AddSingleton<LeadFieldCatalog>();
        builder.Services.AddSingleton<UsersApi>();
    }

    /// <summary>Registers the access to Zoho and the access tokens.</summary>
    public static IServiceCollection AddZohoAccess(this IServiceCollection services)
    {
        services
            .AddHttpClient(ZohoWire.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            // The handler renews connections by their age. A new handler every two minutes would repeat the TLS handshake on the live path.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() =>
            {
                var handler = Outward.Handler();
                handler.UseCookies = false;
                handler.AutomaticDecompression = DecompressionMethods.All;
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
                return handler;
            });
        return services.AddSingleton<ZohoClock>().AddSingleton<TokenEndpoint>().AddSingleton<ZohoWire>();
    }

    /// <summary>Serves the synced fields, from which the projector creates its columns, and what explains them.</summary>
    public static void MapLeadFields(this WebApplication app)
    {
        app.MapGet("/fields", (LeadFieldCatalog catalog, HttpContext http, CancellationToken ct) =>
            Answer(http, async () => await catalog.Recent(ct)));
        app.MapGet("/dictionary", (LeadFieldCatalog catalog, UsersApi users, HttpContext http, CancellationToken ct) =>
            Answer(http, async () =>
            {
                var (fields, all) = (await catalog.Described(ct), await users.ReadAll(ct));
                return new LeadDictionary(fields, all ?? [], AreUsersKnown: all is not null);
            }));
    }

    private static async Task<IResult> Answer<T>(HttpContext http, Func<Task<T>> answer)
    {
        try
        {
            return Results.Json(await answer(), FieldsJson);
        }
        catch (ZohoException e)
        {
            http.Response.Headers.RetryAfter = "5";
            return Results.Text(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
