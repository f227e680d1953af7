using LeadSync.Cli.Sync;
using Microsoft.Extensions.Configuration;

namespace LeadSync.Cli.CommandLine;

/// <summary>The services' configuration, from where they have it: the environment, and <c>appsettings.json</c> in the working directory.</summary>
internal static class Configuration
{
    /// <param name="here">A sync that runs in this repository: its settings, where there are no others.</param>
    public static IConfiguration Of(RunningHere? here) => new ConfigurationBuilder()
        .AddInMemoryCollection((here?.Settings ?? new Dictionary<string, string>()).Select(setting =>
            KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)))
        .SetBasePath(Environment.CurrentDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();
}
