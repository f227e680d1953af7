using System.Globalization;
using System.Text.RegularExpressions;
using LeadSync.Cli.Doctor;
using LeadSync.Gateway.Zoho;
using LeadSync.Projector.Feed;
using LeadSync.Scheduler;
using LeadSync.Scheduler.Alerts;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Access;
using Microsoft.Extensions.Configuration;

namespace LeadSync.UnitTests.Documentation;

/// <summary>The tables of the configuration keys, compared with the services that read the keys and the doctor that knows them.</summary>
public sealed partial class ConfigurationTests
{
    private static readonly string[] Services = ["Gateway", "Projector", "Scheduler", "ServiceDefaults"];

    /// <summary>Keys that .NET and OpenTelemetry read.</summary>
    private static readonly string[] OfOthers = ["ASPNETCORE_URLS", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    private static readonly string[] OlderNames = ["Console__ActionToken"];

    [Fact]
    public void every_table_in_the_documents_is_printed_by_the_doctor()
    {
        foreach (var section in ConfigurationKeys.Sections)
        {
            var document = section.Title == "Alerts" ? "docs/operations.md" : "docs/configuration.md";
            Documents.Text(document).ShouldContain(
                section.Table(), customMessage: $"write the output of `leadsync doctor --keys` into {document}");
        }
    }

    [Fact]
    public void every_key_that_a_service_reads_is_documented() =>
        Read().Except(Documented()).Except(OlderNames).ShouldBeEmpty("ConfigurationKeys.cs does not say what these keys mean");

    [Fact]
    public void every_documented_key_is_read_by_a_service() =>
        Documented().Except(OfOthers).Except(Read()).ShouldBeEmpty("no service reads these keys any more");

    /// <summary>A default of the code is documented in backticks, alone or before a comma.</summary>
    [Fact]
    public void every_documented_default_is_the_default_of_the_code()
    {
        var documented =
            from section in ConfigurationKeys.Sections
            from key in section.Keys
            let text = DefaultInText().Match(key.Default)
            where text.Success
            select KeyValuePair.Create(key.Names.Single(), text.Groups[1].Value);

        documented.OrderBy(row => row.Key, StringComparer.Ordinal)
            .ShouldBe(Defaults().OrderBy(row => row.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void no_key_is_documented_twice() =>
        Documented().GroupBy(key => key).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    private static Dictionary<string, string> Defaults()
    {
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(
            [
                new("Zoho:ClientId", "id"), new("Zoho:ClientSecret", "secret"), new("Zoho:RefreshToken", "token"),
                new("Alerts:Webhooks:0:Url", "https://hooks.test"), new("Alerts:Mail:Server", "mail.test"),
                new("Alerts:Mail:From", "a@b.test"), new("Alerts:Mail:To", "c@d.test"),
            ]).Build());
        var (zoho, scheduler, alerts) = (ZohoOptions.From(settings), SchedulerOptions.From(settings), AlertOptions.From(settings));
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
            ["Alerts__Webhooks__0__Format"] = $"{alerts.Webhooks[0].Format}".ToLowerInvariant(),
            ["Alerts__Mail__Tls"] = alerts.Mail!.UsesTls ? "true" : "false",
            ["Alerts__RemindAfter"] = $"{alerts.RemindAfter:c}",
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

    private static IEnumerable<string> Documented() =>
        from section in ConfigurationKeys.Sections
        from key in section.Keys
        from name in key.Names
        select name;

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

    [GeneratedRegex("^`([^`]+)`(?:,.*)?$")]
    private static partial Regex DefaultInText();
}
