using System.Globalization;
using System.Text.RegularExpressions;
using LeadSync.Cli.Doctor;
using LeadSync.Gateway.Zoho;
using LeadSync.Projector.Feed;
using LeadSync.Scheduler;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Access;
using Microsoft.Extensions.Configuration;

namespace LeadSync.UnitTests.Documentation;

/// <summary>The tables of the configuration keys, compared with the services that read the keys and the doctor that knows them.</summary>
public sealed partial class ConfigurationTests
{
    private static readonly string[] Services = ["Gateway", "Projector", "Scheduler", "ServiceDefaults"];

    /// <summary>Keys whose names do not have the form that the doctor looks for.</summary>
    private static readonly string[] OfOthers = ["ConnectionStrings__Postgres", "ConnectionStrings__RabbitMq"];

    private static readonly string[] OlderNames = ["Console__ActionToken"];

    [Fact]
    public void every_key_that_a_service_reads_is_documented() =>
        Read().Except(Documented()).Except(OlderNames)
            .ShouldBeEmpty("docs/configuration.md and docs/operations.md do not say what these keys mean");

    [Fact]
    public void every_documented_key_is_read_by_a_service() =>
        Documented().Except(Read()).ShouldBeEmpty("no service reads these keys any more");

    [Fact]
    public void the_doctor_knows_every_documented_key() =>
        Documented().Except(OfOthers).Except(KnownKeys.All).ShouldBeEmpty("the doctor would call these keys misspelt");

    /// <summary>A default is documented in backticks, alone or before a comma.</summary>
    [Fact]
    public void every_documented_default_is_the_default_of_the_code()
    {
        var documented = Documents.Text("docs/configuration.md").Split('\n')
            .Select(line => DefaultInText().Match(line)).Where(match => match.Success)
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        documented.OrderBy(row => row.Key, StringComparer.Ordinal)
            .ShouldBe(Defaults().OrderBy(row => row.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void no_key_is_documented_twice() =>
        Rows().GroupBy(key => key).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    private static Dictionary<string, string> Defaults()
    {
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(
            [new("Zoho:ClientId", "id"), new("Zoho:ClientSecret", "secret"), new("Zoho:RefreshToken", "token")]).Build());
        var (zoho, scheduler) = (ZohoOptions.From(settings), SchedulerOptions.From(settings));
        return new()
        {
            ["Zoho__AccountsUrl"] = zoho.AccountsUrl.ToString().TrimEnd('/'),
            ["Zoho__ApiVersion"] = zoho.ApiVersion,
            ["Zoho__CreditReserve"] = $"{zoho.CreditReserve}",
            ["Zoho__ParallelCalls"] = $"{zoho.ParallelCalls}",
            ["Feed__KeepDays"] = $"{FeedOptions.From(settings).KeepDays}",
            ["Scheduler__CatchUpInterval"] = $"{scheduler.CatchUpInterval:c}",
            ["Scheduler__FullComparisonInterval"] = $"{scheduler.FullComparisonInterval:c}",
            ["Scheduler__MaximumRemovalShare"] = string.Create(CultureInfo.InvariantCulture, $"{scheduler.MaximumRemovalShare}"),
            ["Scheduler__ChannelLifetime"] = $"{scheduler.ChannelLifetime:c}",
            ["Access__TrustLoopback"] = AccessOptions.From(settings).TrustLoopback ? "true" : "false",
            ["Database__AutoMigrate"] = Fallback("Service.cs", @"Flag\(""Database__AutoMigrate"", (true|false)\)"),
            ["Bus__Patience"] = $"{TimeSpan.FromMinutes(
                int.Parse(Fallback("Bus/BusRegistration.cs", @"""Bus__Patience"", TimeSpan\.FromMinutes\((\d+)\)"), null)):c}",
            ["Shutdown__Drain"] = Fallback("Shutdown/Draining.cs", @"""Shutdown__Drain"", TimeSpan\.(Zero)") == "Zero" ? "00:00:00" : "",
        };
    }

    // These services read the key where they start.
    private static string Fallback(string file, string pattern) =>
        Regex.Match(Documents.Text($"services/ServiceDefaults/{file}"), pattern).Groups[1].Value;

    private static HashSet<string> Documented() => [.. Rows()];

    private static IEnumerable<string> Rows() =>
        from document in new[] { "docs/configuration.md", "docs/operations.md" }
        from line in Documents.Text(document).Split('\n')
        where line.StartsWith("| `", StringComparison.Ordinal)
        from Match key in KeyInText().Matches(line.Split('|')[1])
        select key.Groups[1].Value;

    private static HashSet<string> Read() =>
    [
        .. from service in Services
           from file in Documents.Below($"services/{service}", "*.cs")
           from Match key in KeyInSource().Matches(Documents.Text(file))
           select key.Groups[1].Value,
        // AlertOptions composes these names.
        "Alerts__Webhooks__0__Url", "Alerts__Webhooks__0__Secret", "Alerts__Webhooks__0__Format",
    ];

    [GeneratedRegex("\"([A-Z][A-Za-z]+(?:__[A-Za-z]+)+)\"")]
    private static partial Regex KeyInSource();

    [GeneratedRegex(@"^\| `(\w+)` \|.*\| `([^`:][^`]*)`(?:,[^|]*)? \|$")]
    private static partial Regex DefaultInText();

    [GeneratedRegex("`([A-Z][A-Za-z]+(?:__[A-Za-z0-9]+)+)`")]
    private static partial Regex KeyInText();
}
