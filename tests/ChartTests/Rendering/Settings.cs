using System.Text.RegularExpressions;
using LeadSync.DevStack;
using k8s.Models;

namespace LeadSync.ChartTests.Rendering;

/// <summary>The environment variables that the chart sets, and those that the services read.</summary>
internal static partial class Settings
{
    /// <summary>The environment variables of a component's first container. A value from a Secret is empty.</summary>
    public static IReadOnlyDictionary<string, string> Of(Manifest manifest, string component) =>
        Of(manifest, manifest.Workload(component).Spec.Containers[0]);

    public static IReadOnlyDictionary<string, string> Of(Manifest manifest, V1Container container)
    {
        var maps = from source in container.EnvFrom ?? []
                   from map in manifest.Of<V1ConfigMap>()
                   where map.Metadata.Name == source.ConfigMapRef.Name
                   from entry in map.Data
                   select entry;
        var own = (container.Env ?? []).Select(variable => KeyValuePair.Create(variable.Name, variable.Value ?? ""));
        return maps.Concat(own).GroupBy(setting => setting.Key).ToDictionary(settings => settings.Key, settings => settings.Last().Value);
    }

    /// <summary>The keys in a service's sources.</summary>
    /// <param name="service">For instance <c>Gateway</c>.</param>
    public static IReadOnlySet<string> KnownTo(string service) =>
        new[] { service, "ServiceDefaults" }
            .SelectMany(project =>
                Directory.EnumerateFiles(Path.Combine(Repository.Root, "services", project), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Key().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .SelectMany(key => new[] { key, $"{key}File" })
            .Concat(["ASPNETCORE_URLS", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "SSL_CERT_DIR"])
            .Concat(service == "Gateway" ? ["HTTPS_PROXY", "NO_PROXY", "no_proxy"] : [])
            .ToHashSet();

    /// <summary>The keys of the tables in <c>docs/configuration.md</c>.</summary>
    public static IReadOnlyList<string> Documented() =>
        [.. from line in File.ReadLines(Path.Combine(Repository.Root, "docs", "configuration.md"))
            where line.StartsWith("| `", StringComparison.Ordinal)
            from Match match in Documentation().Matches(line.Split('|')[1])
            select match.Groups[1].Value];

    [GeneratedRegex("\"([A-Z][A-Za-z]+(?:__[A-Za-z]+)+)\"")]
    private static partial Regex Key();

    [GeneratedRegex("`([A-Z][A-Za-z]+__[A-Za-z]+|[A-Z_]+)`")]
    private static partial Regex Documentation();
}
