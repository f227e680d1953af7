using System.Net;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using LeadSync.Gateway.Zoho.Tokens;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Network;

namespace LeadSync.Gateway.Zoho;

internal static class ZohoRegistration
{
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

    /// <summary>Registers what gets an access token and sends single calls. The doctor needs no more.</summary>
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
}
