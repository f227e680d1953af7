using System.Text.Json;
using System.Text.RegularExpressions;
using LeadSync.ChartTests.Rendering;
using LeadSync.DevStack;
using k8s.Models;

namespace LeadSync.ChartTests;

/// <summary>Names that have to be the same in two places: in the chart, and in the chart or the services.</summary>
public sealed partial class WiringTests(RenderedCharts charts)
{
    private static readonly string[] Services = ["gateway", "projector", "scheduler"];

    public static TheoryData<string> ValueSets => RenderedCharts.ValueSets;

    [Theory, MemberData(nameof(ValueSets))]
    public void every_service_is_told_only_what_it_reads(string values)
    {
        var manifest = charts.Manifest(values);
        foreach (var (service, container) in Services.Select(service => (service, manifest.Workload(service).Spec.Containers[0]))
            .Concat(Migrations(manifest)))
        {
            var project = char.ToUpperInvariant(service[0]) + service[1..];
            Settings.Of(manifest, container).Keys
                .Where(key => !key.StartsWith("POSTGRES_", StringComparison.Ordinal) && !key.StartsWith("Logging__", StringComparison.Ordinal))
                .ShouldBeSubsetOf(Settings.KnownTo(project), service);
        }
    }

    [Fact(Skip = "Zoho__ParallelCalls and Bus__Patience have no value in the chart yet.")]
    public void every_documented_key_can_be_set()
    {
        var manifest = charts.Manifest("full");
        var set = Services.SelectMany(service => Settings.Of(manifest, service).Keys).ToHashSet();

        Settings.Documented().ShouldNotBeEmpty();
        Settings.Documented().ShouldAllBe(key => set.Contains(key) || set.Contains(key + "File"));
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void every_selector_finds_its_pods_and_only_those(string values)
    {
        var manifest = charts.Manifest(values);
        var deployments = manifest.Of<V1Deployment>().ToDictionary(one => one.Metadata.Name);
        foreach (var (name, deployment) in deployments)
            Found(manifest, deployment.Spec.Selector.MatchLabels).Single().Owner.Metadata.Name.ShouldBe(name);
        foreach (var service in manifest.Of<V1Service>())
        {
            var pod = Found(manifest, service.Spec.Selector).Single();
            pod.Owner.Metadata.Name.ShouldBe(service.Metadata.Name);
            var ports = pod.Spec.Containers.SelectMany(container => container.Ports);
            service.Spec.Ports.ShouldAllBe(port => ports.Any(open => open.Name == port.TargetPort.Value && open.ContainerPort == port.Port));
        }

        foreach (var budget in manifest.Of<V1PodDisruptionBudget>())
            Found(manifest, budget.Spec.Selector.MatchLabels).Single().Owner.Metadata.Name.ShouldBe(budget.Metadata.Name);
        foreach (var spread in manifest.Workloads.SelectMany(pod => pod.Spec.TopologySpreadConstraints ?? [], (pod, spread) => (pod, spread)))
            Found(manifest, spread.spread.LabelSelector.MatchLabels).ShouldBe([spread.pod]);
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void whatever_scales_scales_a_deployment_that_leaves_its_replicas_to_it(string values)
    {
        var manifest = charts.Manifest(values);
        var scaled = manifest.Of<V2HorizontalPodAutoscaler>().Select(one => one.Spec.ScaleTargetRef.Name)
            .Concat(manifest.Custom("ScaledObject").Select(one => Json(one.Spec).GetProperty("scaleTargetRef").GetProperty("name").GetString()!)).ToList();

        foreach (var deployment in manifest.Of<V1Deployment>())
            (deployment.Spec.Replicas is null).ShouldBe(scaled.Contains(deployment.Metadata.Name), deployment.Metadata.Name);
        scaled.ShouldBeSubsetOf(manifest.Of<V1Deployment>().Select(one => one.Metadata.Name));
    }

    [Fact]
    public void keda_watches_queues_that_the_projector_reads()
    {
        var consumers = Directory.EnumerateFiles(Path.Combine(Repository.Root, "services", "Projector"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Consumer().Matches(File.ReadAllText(file)))
            .Select(consumer => consumer.Groups[1].Value)
            .Select(name => WordStart().Replace(name, "-$1").ToLowerInvariant());
        var queues = Json(charts.Manifest("full").Custom("ScaledObject").Single().Spec).GetProperty("triggers").EnumerateArray()
            .Select(trigger => trigger.GetProperty("metadata").GetProperty("queueName").GetString()!);

        queues.ShouldBeSubsetOf(consumers);
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void whatever_a_pod_refers_to_is_there_when_it_starts(string values)
    {
        var manifest = charts.Manifest(values);
        foreach (var pod in manifest.Workloads)
        {
            var hook = Hook(pod.Owner.Metadata);
            if (pod.Spec.ServiceAccountName is { } account)
                AppearsBefore(manifest.Of<V1ServiceAccount>().Single(one => one.Metadata.Name == account).Metadata);
            foreach (var map in pod.Containers.SelectMany(one => one.EnvFrom ?? []).Select(one => one.ConfigMapRef.Name)
                .Concat((pod.Spec.Volumes ?? []).Select(volume => volume.ConfigMap?.Name).OfType<string>()))
                AppearsBefore(manifest.Of<V1ConfigMap>().Single(one => one.Metadata.Name == map).Metadata);

            // A hook that comes before the release finds nothing of the release, only hooks of less weight.
            void AppearsBefore(V1ObjectMeta needed)
            {
                if (hook.Events.Contains("pre-"))
                    (Hook(needed).Events == hook.Events && Hook(needed).Weight < hook.Weight).ShouldBeTrue($"{pod} needs {needed.Name}");
            }
        }
    }

    [Theory]
    [InlineData("minimal", true)]
    [InlineData("full", true)]
    [InlineData("dev", false)]
    [InlineData("operators", false)]
    public void the_schema_is_migrated_once_by_a_job_before_the_release_or_by_the_services(string values, bool byJob)
    {
        var manifest = charts.Manifest(values);

        manifest.Of<V1Job>().Count().ShouldBe(byJob ? 1 : 0);
        foreach (var service in Services)
            Settings.Of(manifest, service)["Database__AutoMigrate"].ShouldBe(byJob ? "false" : "true");
        if (!byJob)
            return;

        Migrations(manifest).Select(one => one.Service).ShouldBe(Services);
        Migrations(manifest).ShouldAllBe(one => one.Container.Args.Single() == "migrate");
        Hook(manifest.Of<V1Job>().Single().Metadata).Events.ShouldBe("pre-install,pre-upgrade");
    }

    [Fact]
    public void the_migration_has_rights_that_the_services_do_not_have()
    {
        var manifest = charts.Manifest("minimal");

        Migrations(manifest).Select(one => SecretOf(one.Container)).Distinct().ShouldBe(["leadsync-postgres-migrator"]);
        Services.Select(service => SecretOf(manifest.Workload(service).Spec.Containers[0])).Distinct().ShouldBe(["leadsync-postgres"]);

        static string SecretOf(V1Container container) =>
            container.Env.Single(variable => variable.Name == "ConnectionStrings__Postgres").ValueFrom.SecretKeyRef.Name;
    }

    [Fact]
    public void only_what_zoho_calls_is_reachable_from_outside()
    {
        var manifest = charts.Manifest("full");
        var rule = manifest.Of<V1Ingress>().Single().Spec.Rules.Single();
        var route = Json(manifest.Custom("HTTPRoute").Single().Spec);

        rule.Host.ShouldBe("example.org");
        rule.Http.Paths.Single().Path.ShouldBe("/crm/zoho/");
        rule.Http.Paths.Single().Backend.Service.Name.ShouldBe("crm-sync-gateway");
        route.GetProperty("hostnames")[0].GetString().ShouldBe("example.org");
        route.GetProperty("rules")[0].GetProperty("matches")[0].GetProperty("path").GetProperty("value").GetString().ShouldBe("/crm/zoho");
    }

    [Fact]
    public void a_changed_setting_restarts_the_pods_that_read_it()
    {
        Checksum("minimal", "scheduler").ShouldNotBe(Checksum("full", "scheduler"));
        Checksum("minimal", "scheduler").ShouldBe(Checksum("high-availability", "scheduler"));
    }

    private string Checksum(string values, string component) => charts.Manifest(values).Workload(component).Metadata.Annotations["checksum/settings"];

    private static (string Events, int Weight) Hook(V1ObjectMeta metadata) =>
        (metadata.Annotations ?? new Dictionary<string, string>()) is var annotations && annotations.TryGetValue("helm.sh/hook", out var events)
            ? (events, int.Parse(annotations.TryGetValue("helm.sh/hook-weight", out var weight) ? weight : "0", System.Globalization.CultureInfo.InvariantCulture))
            : ("", 0);

    private static IEnumerable<(string Service, V1Container Container)> Migrations(Manifest manifest) =>
        manifest.Workloads.Where(pod => pod.Component == "migrate").SelectMany(pod => pod.Containers)
            .Select(container => (Regex.Match(container.Image, "/([a-z]+)[@:]").Groups[1].Value, container));

    private static IEnumerable<Workload> Found(Manifest manifest, IDictionary<string, string> selector) =>
        manifest.Workloads.Where(pod => selector.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value));

    private static JsonElement Json(object spec) => JsonSerializer.SerializeToElement(spec);

    [GeneratedRegex(@"class (\w+)Consumer\b")]
    private static partial Regex Consumer();

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex WordStart();
}
