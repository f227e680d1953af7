using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Access;
using LeadSync.ServiceDefaults.Network;

namespace LeadSync.Gateway;

/// <summary>
/// Serves the paths that only the projector calls at separate addresses (<c>Gateway__InternalUrls</c>), because they show leads and cost
/// credits. The internet reaches only the paths that Zoho calls. The port decides what a request may call, because no caller can forge it.
/// </summary>
internal static partial class InternalListener
{
    private const string Key = "Gateway__InternalUrls";
    private const string Example = "http://+:8081";

    public static void AddInternalListener(this WebApplicationBuilder builder)
    {
        var internalUrls = Urls(new Settings(builder.Configuration));
        builder.Services.AddSingleton(new InternalPorts(internalUrls.Select(url => url.Port).ToHashSet()));
        builder.AddAccess();
        if (internalUrls.Count == 0)
            return;

        var publicUrls = builder.Configuration[WebHostDefaults.ServerUrlsKey]!.Split(';');
        if (publicUrls.Select(url => BindingAddress.Parse(url).Port).Intersect(internalUrls.Select(url => url.Port)).Any())
            throw new SettingsException(
                $"{Key} names a port of {Listening.Key}, which Zoho calls: choose another port, for example {Key}={Example}");

        builder.WebHost.UseUrls([.. publicUrls, .. internalUrls.Select(url => url.ToString())]);
    }

    /// <summary>Answers 404 to the paths of the other listener, and refuses the projector's paths under a host name that is not the
    /// gateway's own. Both listeners serve the gateway's health.</summary>
    public static void UseInternalListener(this WebApplication app)
    {
        var ports = app.Services.GetRequiredService<InternalPorts>().Ports;
        if (ports.Count == 0)
            NotSeparated(app.Logger, Key, Example);
        var access = app.Services.GetRequiredService<AccessOptions>();
        app.Use((http, next) =>
        {
            var path = http.Request.Path;
            if (path.StartsWithSegments("/health"))
                return next(http);

            var isForZoho = path.StartsWithSegments(GatewayOptions.Root);
            if (ports.Count > 0 && isForZoho == ports.Contains(http.Connection.LocalPort))
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            // Zoho's requests carry a secret, and come under whatever name a tunnel or proxy gives the gateway.
            // Prometheus asks each replica by an address of its own.
            var sender = Sender.Of(http, access);
            return !isForZoho && (sender.IsLoopback || !path.StartsWithSegments("/metrics"))
                && AccessRules.HostRefusal(sender, access) is { } refusal
                ? http.Refuse(refusal) : next(http);
        });
    }

    /// <summary>The addresses on which the gateway listens for the projector; none when the key is not set.</summary>
    public static IReadOnlyList<BindingAddress> Urls(Settings settings) => settings.Optional(Key) is { } urls
        ? [.. Listening.Parse(Key, urls, Example, leastPort: 1).Select(BindingAddress.Parse)]
        : [];

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Key} is not set: everyone who reaches the address that Zoho calls can also read leads and spend API credits. "
        + "Set it, for example {Key}={Example}, and Gateway__InternalUrl of the projector to that port")]
    private static partial void NotSeparated(ILogger log, string key, string example);

    private sealed record InternalPorts(IReadOnlySet<int> Ports);
}
