using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace LeadSync.ServiceDefaults.Network;

/// <summary>The addresses on which a service listens.</summary>
public static class Listening
{
    public const string Key = "ASPNETCORE_URLS";
    public const string Example = "http://+:8080";

    private const string PortsKey = "ASPNETCORE_HTTP_PORTS";

    /// <summary>The addresses of <c>ASPNETCORE_URLS</c>; else the ports of <c>ASPNETCORE_HTTP_PORTS</c> at every address of this machine;
    /// else one port that only this machine reaches.</summary>
    public static IReadOnlyList<string> Urls(IConfiguration configuration, int port)
    {
        // ASP.NET Core knows the key as "urls", and only when it comes from an environment variable.
        if ((Given(WebHostDefaults.ServerUrlsKey) ?? Given(Key)) is { } urls)
            return Parse(Key, urls, Example);
        if (Given(WebHostDefaults.HttpPortsKey) is { } ports)
            return Parse(PortsKey, string.Join(';', Split(ports).Select(one => $"http://*:{one}")), "8080");
        return [$"http://localhost:{port}"];

        string? Given(string key) => configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
    }

    /// <summary>The first port of the service that runs in the same directory with the same environment.</summary>
    internal static int PortOfThisMachine(int port)
    {
        var configuration = SettingsFile.Read(() => new ConfigurationBuilder()
            .SetBasePath(Environment.CurrentDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddEnvironmentVariables()
            .Build());
        return BindingAddress.Parse(Urls(configuration, port)[0]).Port;
    }

    /// <summary>Splits a list of addresses as ASP.NET Core does.</summary>
    /// <param name="leastPort">0 where the system may choose the port.</param>
    /// <exception cref="SettingsException">The service could not listen on one of them.</exception>
    public static IReadOnlyList<string> Parse(string key, string urls, string example, int leastPort = 0) =>
        Split(urls) is { Length: > 0 } all && Array.TrueForAll(all, url => IsUsable(url, leastPort)) ? all : throw new SettingsException(
            $"{key} is not a list of http addresses to listen on: write one, for example {key}={example}");

    private static string[] Split(string list) =>
        list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsUsable(string url, int leastPort)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            // ASP.NET Core takes a port that is no number for a part of the host, and would listen on port 80.
            return address.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) && address.PathBase.Length == 0
                && (address.IsUnixPipe || address.Host.StartsWith('[') || !address.Host.Contains(':', StringComparison.Ordinal))
                && address.Port >= leastPort && address.Port <= ushort.MaxValue
                && (address.Port > 0 || !address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
