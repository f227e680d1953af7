using LeadSync.DevStack;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using Settings = LeadSync.ChartTests.Rendering.Settings;

namespace LeadSync.ChartTests;

/// <summary>docker-compose.yml, as far as that can be told without an engine.</summary>
public sealed class ComposeTests
{
    private static readonly string[] Services = ["gateway", "projector", "scheduler"];

    private readonly Dictionary<string, Dictionary<string, object>> compose = Read("docker-compose.yml");
    private readonly Dictionary<string, Dictionary<string, object>> zoho = Read("deploy", "compose-zoho.yml");

    [Fact]
    public void every_service_is_told_only_what_it_reads()
    {
        foreach (var service in Services)
        {
            foreach (var file in (Dictionary<string, Dictionary<string, object>>[])[compose, zoho])
                Environment(file, service).Keys.ShouldBeSubsetOf(
                    Settings.KnownTo(char.ToUpperInvariant(service[0]) + service[1..]), service);
        }
    }

    [Fact]
    public void the_simulator_is_told_only_what_it_knows()
    {
        var known = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "ZohoSimulator"), "*.cs")
            .Select(File.ReadAllText).ToList();

        foreach (var key in Environment(compose, "zoho-simulator").Keys)
            known.Any(text => text.Contains($" {key.Replace("Simulator__", "")} {{ get;")).ShouldBeTrue(key);
    }

    [Fact]
    public void the_command_line_has_the_environment_of_all_services_and_the_token_that_they_ask_for()
    {
        var cli = Environment(compose, "cli");

        foreach (var (key, value) in Services.SelectMany(service => Environment(compose, service))
            .Where(one => one.Key is not ("Alerts__ConsoleUrl" or "Console__TracesUrl")))
            cli.ShouldContainKeyAndValue(key, value);
        cli["LEADSYNC_TOKEN"].ShouldBe(Environment(compose, "scheduler")["Access__ActionToken"]);
        Environment(zoho, "cli").ShouldBe(Environment(zoho, "gateway"));
    }

    [Fact]
    public void what_the_projector_asks_for_is_at_the_gateways_other_port()
    {
        new Uri(Environment(compose, "projector")["Gateway__InternalUrl"]).Port.ShouldBe(8081);
        Environment(compose, "gateway")["Gateway__InternalUrls"].ShouldEndWith(":8081");
        Ports("gateway").ShouldAllBe(port => port.EndsWith(":8080"));

        IEnumerable<string> Ports(string service) => ((IEnumerable<object>)compose[service]["ports"]).Select(port => $"{port}");
    }

    /// <summary>The simulated Zoho starts from nothing each time: data that outlived it would be newer than what it shows.</summary>
    [Fact]
    public void nothing_outlives_the_simulated_zoho()
    {
        compose.Values.ShouldAllBe(service => !service.ContainsKey("volumes"));
        foreach (var store in (string[])["postgres", "rabbitmq"])
            zoho[store].ShouldContainKey("volumes");
    }

    [Fact]
    public void every_image_is_pinned_to_one_release()
    {
        foreach (var image in compose.Values.Where(service => service.ContainsKey("image")).Select(service => $"{service["image"]}"))
            image.ShouldMatch(@"^\$\{[A-Z]+_IMAGE:-[a-z/]+:[0-9]+\.[0-9]+(\.[0-9]+)?(-management)?\}$");
    }

    [Fact]
    public void an_org_of_ones_own_is_named_by_variables_that_the_example_has()
    {
        var example = File.ReadAllLines(Path.Combine(Repository.Root, ".env.example"))
            .Where(line => line is not ['#', ..] && line.Contains('=')).Select(line => line.Split('=')[0]);
        var wanted = System.Text.RegularExpressions.Regex.Matches(
            File.ReadAllText(Path.Combine(Repository.Root, "deploy", "compose-zoho.yml")), @"\$\{([A-Z_]+)")
            .Select(match => match.Groups[1].Value);

        wanted.ShouldBeSubsetOf(example);
    }

    private static Dictionary<string, string> Environment(Dictionary<string, Dictionary<string, object>> services, string service) =>
        services[service].TryGetValue("environment", out var variables)
            ? ((Dictionary<object, object>)variables).ToDictionary(variable => $"{variable.Key}", variable => $"{variable.Value}")
            : [];

    private static Dictionary<string, Dictionary<string, object>> Read(params string[] path)
    {
        // Compose's own tags say how two files are put together.
        var text = File.ReadAllText(Path.Combine([Repository.Root, .. path])).Replace("!override ", "").Replace("!reset ", "");
        var file = new DeserializerBuilder().Build()
            .Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(new StringReader(text))));
        return ((Dictionary<object, object>)file["services"]).ToDictionary(
            service => $"{service.Key}",
            service => ((Dictionary<object, object>)service.Value).ToDictionary(one => $"{one.Key}", one => one.Value));
    }
}
