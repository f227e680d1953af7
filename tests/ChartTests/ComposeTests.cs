using LeadSync.DevStack;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using Settings = LeadSync.ChartTests.Rendering.Settings;

namespace LeadSync.ChartTests;

/// <summary>Checks of docker-compose.yml that need no Docker engine.</summary>
public sealed class ComposeTests
{
    private static readonly string[] Services = ["gateway", "projector", "scheduler"];

    private readonly Dictionary<string, Dictionary<string, object>> compose = Read("docker-compose.yml");
    private readonly Dictionary<string, Dictionary<string, object>> zoho = Read("deploy", "compose-zoho.yml");

    [Fact]
    public void every_service_gets_only_the_keys_that_it_reads()
    {
        foreach (var service in Services)
        {
            foreach (var file in (Dictionary<string, Dictionary<string, object>>[])[compose, zoho])
                Environment(file, service).Keys.ShouldBeSubsetOf(
                    Settings.KnownTo(char.ToUpperInvariant(service[0]) + service[1..]), service);
        }
    }

    [Fact]
    public void the_simulator_gets_only_the_keys_that_it_reads()
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
        foreach (var (key, value) in Services.SelectMany(service => Environment(zoho, service)))
            Environment(zoho, "cli").ShouldContainKeyAndValue(key, value);
        Environment(zoho, "cli")["LEADSYNC_TOKEN"].ShouldBe(Environment(zoho, "scheduler")["Access__ActionToken"]);
    }

    /// <summary>Compose takes a variable without a default only when it has a value.</summary>
    [Fact]
    public void no_token_that_everybody_can_read_guards_an_own_org()
    {
        foreach (var service in (string[])["projector", "scheduler", "cli"])
            Environment(zoho, service)["Access__ActionToken"].ShouldStartWith("${LEADSYNC_TOKEN:?", customMessage: service);
    }

    [Fact]
    public void the_doctor_can_check_the_stores_before_anything_else_runs()
    {
        Needs(compose, "cli").ShouldBe(["postgres", "rabbitmq", "zoho-simulator"], ignoreOrder: true);
        foreach (var service in (string[])[.. Services, "cli"])
            Needs(zoho, service).ShouldBe(["postgres", "rabbitmq"], ignoreOrder: true, service);

        static IEnumerable<string> Needs(Dictionary<string, Dictionary<string, object>> services, string service) =>
            ((Dictionary<object, object>)services[service]["depends_on"]).Keys.Select(name => $"{name}");
    }

    [Fact]
    public void everything_with_data_that_stays_comes_back_after_a_restart_of_the_machine()
    {
        foreach (var (name, service) in zoho.Where(service => service.Value.ContainsKey("volumes")))
            service.ShouldContainKeyAndValue("restart", "unless-stopped", name);
        foreach (var service in Services)
            compose[service].ShouldContainKeyAndValue("restart", "unless-stopped", service);
    }

    /// <summary>Images of PostgreSQL 18 refuse to start when their default directory is not the one that is mounted.</summary>
    [Fact]
    public void postgresql_keeps_its_data_where_the_volume_is()
    {
        var directory = Environment(compose, "postgres")["PGDATA"];

        ((IEnumerable<object>)compose["postgres"]["tmpfs"]).ShouldBe([directory]);
        ((IEnumerable<object>)zoho["postgres"]["volumes"]).ShouldBe([$"postgres:{directory}"]);
    }

    /// <summary>Docker gives its own proxy to every container, if it has one.</summary>
    [Fact]
    public void the_simulated_zoho_is_called_without_a_proxy()
    {
        foreach (var service in (string[])["gateway", "cli"])
        {
            foreach (var key in (string[])["NO_PROXY", "no_proxy"])
                Environment(compose, service)[key].Split(',')
                    .ShouldContain(new Uri(Environment(compose, service)["Zoho__AccountsUrl"]).Host, service);
        }
    }

    [Fact]
    public void the_projector_calls_the_gateways_internal_port()
    {
        new Uri(Environment(compose, "projector")["Gateway__InternalUrl"]).Port.ShouldBe(8081);
        Environment(compose, "gateway")["Gateway__InternalUrls"].ShouldEndWith(":8081");
        Ports("gateway").ShouldAllBe(port => port.EndsWith(":8080"));

        IEnumerable<string> Ports(string service) => ((IEnumerable<object>)compose[service]["ports"]).Select(port => $"{port}");
    }

    /// <summary>The simulated Zoho starts from nothing each time, so data of an earlier run would be newer than its leads.</summary>
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
    public void every_variable_for_an_own_org_is_in_the_example()
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
        // Compose has its own tags for merging two files.
        var text = File.ReadAllText(Path.Combine([Repository.Root, .. path])).Replace("!override ", "").Replace("!reset ", "");
        var file = new DeserializerBuilder().Build()
            .Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(new StringReader(text))));
        return ((Dictionary<object, object>)file["services"]).ToDictionary(
            service => $"{service.Key}",
            service => ((Dictionary<object, object>)service.Value).ToDictionary(one => $"{one.Key}", one => one.Value));
    }
}
