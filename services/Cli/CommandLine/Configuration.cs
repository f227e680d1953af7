using LeadSync.Cli.Sync;
using LeadSync.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace LeadSync.Cli.CommandLine;

/// <summary>The services' configuration, from the same sources: the environment, and <c>appsettings.json</c> in the working
/// directory.</summary>
internal static class Configuration
{
    /// <param name="variables">The variables of the environment.</param>
    /// <param name="here">A sync that runs in this repository. Its settings apply where the environment has none.</param>
    public static IConfiguration Of(IReadOnlyDictionary<string, string> variables, RunningHere? here) => SettingsFile.Read(() =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(Nested(here?.Settings ?? new Dictionary<string, string>()))
            .SetBasePath(Environment.CurrentDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddInMemoryCollection(Nested(variables))
            .Build());

    private static IEnumerable<KeyValuePair<string, string?>> Nested(IReadOnlyDictionary<string, string> variables) =>
        variables.Select(variable =>
            KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value));
}
