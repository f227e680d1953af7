using k8s.Models;
using LeadSync.ChartTests.Rendering;

namespace LeadSync.ChartTests;

/// <summary>Who may talk to whom, read from the policies as Kubernetes reads them: nothing is allowed but what both ends allow.</summary>
public sealed class NetworkPolicyTests(RenderedCharts charts)
{
    public static TheoryData<string> ValueSets => RenderedCharts.ValueSets;

    [Theory, MemberData(nameof(ValueSets))]
    public void every_pod_is_closed_unless_a_policy_opens_it(string values)
    {
        var manifest = charts.Manifest(values);
        foreach (var pod in manifest.Workloads)
        {
            Policies(manifest, pod).ShouldContain(policy => policy.Spec.Ingress == null && policy.Spec.Egress == null, $"{pod}: no default deny");
            Policies(manifest, pod).Count().ShouldBe(2, $"{pod}");
        }
    }

    [Theory]
    [InlineData("projector", "gateway", true)]
    [InlineData("rebuild", "gateway", true)]
    [InlineData("test", "gateway", true)]
    [InlineData("test", "projector", true)]
    [InlineData("test", "scheduler", true)]
    [InlineData("gateway", "projector", false)]
    [InlineData("gateway", "scheduler", false)]
    [InlineData("scheduler", "gateway", false)]
    [InlineData("projector", "scheduler", false)]
    [InlineData("migrate", "gateway", false)]
    public void services_reach_those_whom_they_ask(string from, string to, bool allowed) =>
        Reaches(charts.Manifest("minimal"), from, to, 8080).ShouldBe(allowed);

    [Theory]
    [InlineData("gateway", "zoho-simulator", 8080)]
    [InlineData("zoho-simulator", "gateway", 8080)]
    [InlineData("gateway", "postgres", 5432)]
    [InlineData("projector", "postgres", 5432)]
    [InlineData("scheduler", "postgres", 5432)]
    [InlineData("rebuild", "postgres", 5432)]
    [InlineData("gateway", "rabbitmq", 5672)]
    [InlineData("projector", "rabbitmq", 5672)]
    [InlineData("scheduler", "rabbitmq", 5672)]
    [InlineData("test", "zoho-simulator", 8080)]
    public void in_a_trial_the_simulated_zoho_and_the_servers_are_reached(string from, string to, int port) =>
        Reaches(charts.Manifest("dev"), from, to, port).ShouldBeTrue();

    [Theory]
    [InlineData("full", 5671)]
    [InlineData("minimal", 5672)]
    [InlineData("operators", 5672)]
    public void every_service_reaches_broker_and_database_and_only_the_gateway_reaches_zoho(string values, int rabbitmq)
    {
        var manifest = charts.Manifest(values);
        foreach (var service in (string[])["gateway", "projector", "scheduler"])
        {
            EgressPorts(manifest, service).ShouldContain(5432, service);
            EgressPorts(manifest, service).ShouldContain(rabbitmq, service);
            EgressPorts(manifest, service).Contains(443).ShouldBe(service == "gateway", service);
            EgressPorts(manifest, service).ShouldContain(53, service);
        }
    }

    [Fact]
    public void a_migration_talks_to_the_database_only() =>
        EgressPorts(charts.Manifest("full"), "migrate").ShouldBe([53, 53, 5432], ignoreOrder: true);

    [Fact]
    public void telemetry_reaches_its_collector() =>
        EgressPorts(charts.Manifest("full"), "projector").ShouldContain(4317);

    [Theory]
    [InlineData("http://collector2", 80)]
    [InlineData("https://10.1.2.3", 443)]
    [InlineData("http://collector2:4318", 4318)]
    public async Task a_collector_is_reached_on_the_port_of_its_address(string endpoint, int port)
    {
        var rendered = await Chart.TemplateAsync("helm4", "one", "minimal", "--set", $"telemetry.otlpEndpoint={endpoint}");

        EgressPorts(Manifest.Parse(rendered.Output), "projector").ShouldBe([5432, 5672, 53, 53, port], ignoreOrder: true);
    }

    [Fact]
    public void from_outside_only_who_is_named_comes_in()
    {
        var manifest = charts.Manifest("full");

        OutsiderNamespaces("gateway").ShouldBe(["ingress-nginx", "observability"]);
        OutsiderNamespaces("projector").ShouldBe(["operations", "observability"]);
        OutsiderNamespaces("scheduler").ShouldBe(["operations", "observability"]);

        IEnumerable<string> OutsiderNamespaces(string component) =>
            from policy in Policies(manifest, manifest.Workload(component))
            from rule in policy.Spec.Ingress ?? []
            from peer in rule.FromProperty
            where peer.NamespaceSelector is not null
            select peer.NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"];
    }

    private static bool Reaches(Manifest manifest, string from, string to, int port)
    {
        var (source, target) = (manifest.Workload(from), manifest.Workload(to));
        return Policies(manifest, source).SelectMany(policy => policy.Spec.Egress ?? []).Any(rule => Has(rule.Ports, port) && Names(rule.To, target))
            && Policies(manifest, target).SelectMany(policy => policy.Spec.Ingress ?? []).Any(rule => Has(rule.Ports, port) && Names(rule.FromProperty, source));
    }

    private static IEnumerable<int> EgressPorts(Manifest manifest, string component) =>
        from policy in Policies(manifest, manifest.Workload(component))
        from rule in policy.Spec.Egress ?? []
        from port in rule.Ports
        where port.Port.Value != "8080"
        select int.Parse(port.Port.Value, System.Globalization.CultureInfo.InvariantCulture);

    private static bool Has(IList<V1NetworkPolicyPort> ports, int port) => ports.Any(one => one.Port.Value == $"{port}");

    private static bool Names(IList<V1NetworkPolicyPeer>? peers, Workload pod) =>
        peers is null || peers.Any(peer => peer.NamespaceSelector is null && peer.PodSelector is { } selector && Selects(selector, pod));

    private static IEnumerable<V1NetworkPolicy> Policies(Manifest manifest, Workload pod) =>
        manifest.Of<V1NetworkPolicy>().Where(policy => Selects(policy.Spec.PodSelector, pod));

    private static bool Selects(V1LabelSelector selector, Workload pod) =>
        selector.MatchLabels.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
