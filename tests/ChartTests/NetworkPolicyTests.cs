using k8s.Models;
using LeadSync.ChartTests.Rendering;

namespace LeadSync.ChartTests;

/// <summary>Who may connect to whom, by the policies as Kubernetes applies them: both ends have to allow a connection.</summary>
public sealed class NetworkPolicyTests(RenderedCharts charts)
{
    public static TheoryData<string> ValueSets => RenderedCharts.ValueSets;

    [Theory, MemberData(nameof(ValueSets))]
    public void every_pod_is_closed_unless_a_policy_opens_it(string values)
    {
        var manifest = charts.Manifest(values);
        foreach (var pod in manifest.Workloads)
        {
            Policies(manifest, pod).ShouldContain(
                policy => policy.Spec.Ingress == null && policy.Spec.Egress == null, $"{pod}: no default deny");
            Policies(manifest, pod).Count().ShouldBe(2, $"{pod}");
        }
    }

    [Theory]
    [InlineData("projector", "gateway", 8081, true)]
    [InlineData("doctor", "gateway", 8080, true)]
    [InlineData("doctor", "gateway", 8081, true)]
    [InlineData("doctor", "scheduler", 8080, true)]
    [InlineData("rebuild", "scheduler", 8080, true)]
    [InlineData("rebuild", "gateway", 8081, false)]
    [InlineData("test", "scheduler", 8080, true)]
    [InlineData("test", "projector", 8080, false)]
    [InlineData("projector", "gateway", 8080, false)]
    [InlineData("gateway", "projector", 8080, false)]
    [InlineData("gateway", "scheduler", 8080, false)]
    [InlineData("scheduler", "gateway", 8081, false)]
    [InlineData("projector", "scheduler", 8080, false)]
    [InlineData("migrate", "gateway", 8081, false)]
    public void services_reach_the_services_that_they_call(string from, string to, int port, bool allowed) =>
        Reaches(charts.Manifest("full"), from, to, port).ShouldBe(allowed);

    [Fact]
    public void without_named_peers_everybody_reaches_the_port_for_zoho_and_nobody_the_others()
    {
        var rules = Policies(charts.Manifest("minimal"), charts.Manifest("minimal").Workload("gateway"))
            .SelectMany(policy => policy.Spec.Ingress ?? []).ToList();

        rules.Single(rule => Has(rule.Ports, 8080)).FromProperty.ShouldBeNull();
        rules.Single(rule => Has(rule.Ports, 8081)).FromProperty.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("gateway", "zoho-simulator", 8080)]
    [InlineData("zoho-simulator", "gateway", 8080)]
    [InlineData("gateway", "postgres", 5432)]
    [InlineData("projector", "postgres", 5432)]
    [InlineData("scheduler", "postgres", 5432)]
    [InlineData("test", "postgres", 5432)]
    [InlineData("gateway", "rabbitmq", 5672)]
    [InlineData("projector", "rabbitmq", 5672)]
    [InlineData("scheduler", "rabbitmq", 5672)]
    [InlineData("test", "zoho-simulator", 8080)]
    public void in_a_trial_the_simulated_zoho_and_the_servers_are_reached(string from, string to, int port) =>
        Reaches(charts.Manifest("dev"), from, to, port).ShouldBeTrue();

    [Theory]
    [InlineData("full", 5671, 3128)]
    [InlineData("minimal", 5672, 443)]
    [InlineData("openshift", 5672, 443)]
    public void every_service_reaches_broker_and_database_and_only_the_gateway_reaches_zoho(string values, int rabbitmq, int zoho)
    {
        var manifest = charts.Manifest(values);
        foreach (var service in (string[])["gateway", "projector", "scheduler"])
        {
            EgressPorts(manifest, service).ShouldContain(5432, service);
            EgressPorts(manifest, service).ShouldContain(rabbitmq, service);
            EgressPorts(manifest, service).Contains(zoho).ShouldBe(service == "gateway", service);
            EgressPorts(manifest, service).ShouldContain(53, service);
        }
    }

    [Fact]
    public void pods_reach_openshifts_dns_as_well() => EgressPorts(charts.Manifest("openshift"), "projector").ShouldContain(5353);

    [Fact]
    public void a_migration_talks_to_the_database_only() =>
        EgressPorts(charts.Manifest("minimal"), "migrate").ShouldBe([53, 53, 5353, 5353, 5432], ignoreOrder: true);

    [Theory]
    [InlineData("minimal", 15672)]
    [InlineData("full", 15671)]
    public void only_the_doctor_reaches_rabbitmqs_management(string values, int port)
    {
        var manifest = charts.Manifest(values);

        EgressPorts(manifest, "doctor").ShouldContain(port);
        foreach (var service in (string[])["gateway", "projector", "scheduler"])
            EgressPorts(manifest, service).ShouldNotContain(port, service);
    }

    /// <summary>A service mesh needs more than LeadSync: its control plane, and its tunnels between pods.</summary>
    [Fact]
    public void what_a_mesh_needs_is_open_for_all_pods()
    {
        var manifest = charts.Manifest("full");
        foreach (var pod in manifest.Workloads)
        {
            EgressPorts(manifest, pod.Component).ShouldContain(15012, $"{pod}");
            Policies(manifest, pod).SelectMany(policy => policy.Spec.Ingress ?? []).ShouldContain(rule => Has(rule.Ports, 15008), $"{pod}");
        }
    }

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

        EgressPorts(Manifest.Parse(rendered.Output), "projector").ShouldBe([5432, 5672, 53, 53, 5353, 5353, port], ignoreOrder: true);
    }

    [Fact]
    public void from_outside_only_named_peers_may_connect()
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
        var (source, target) = (manifest.Workloads.First(pod => pod.Component == from), manifest.Workload(to));
        return Policies(manifest, source).SelectMany(policy => policy.Spec.Egress ?? [])
            .Any(rule => Has(rule.Ports, port) && Names(rule.To, target))
            && Policies(manifest, target).SelectMany(policy => policy.Spec.Ingress ?? [])
                .Any(rule => Has(rule.Ports, port) && Names(rule.FromProperty, source));
    }

    private static IEnumerable<int> EgressPorts(Manifest manifest, string component) =>
        from policy in Policies(manifest, manifest.Workloads.First(pod => pod.Component == component))
        from rule in policy.Spec.Egress ?? []
        from port in rule.Ports
        where port.Port.Value is not ("8080" or "8081")
        select int.Parse(port.Port.Value, System.Globalization.CultureInfo.InvariantCulture);

    private static bool Has(IList<V1NetworkPolicyPort> ports, int port) => ports.Any(one => one.Port.Value == $"{port}");

    private static bool Names(IList<V1NetworkPolicyPeer>? peers, Workload pod) =>
        peers is null || peers.Any(peer => peer.NamespaceSelector is null && peer.PodSelector is { } selector && Selects(selector, pod));

    private static IEnumerable<V1NetworkPolicy> Policies(Manifest manifest, Workload pod) =>
        manifest.Of<V1NetworkPolicy>().Where(policy => Selects(policy.Spec.PodSelector, pod));

    private static bool Selects(V1LabelSelector selector, Workload pod) =>
        selector.MatchLabels.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
