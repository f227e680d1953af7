using System.Text.Json;
using System.Text.RegularExpressions;
using LeadSync.ChartTests.Rendering;
using LeadSync.DevStack;
using k8s.Models;

namespace LeadSync.ChartTests;

/// <summary>Names that have to be the same in two places of the chart, or in the chart and the services.</summary>
public sealed partial class WiringTests(RenderedCharts charts)
{
    private static readonly string[] Services = ["gateway", "projector", "scheduler"];

    // The set of values "full" names this object, and its operator creates it.
    private const string TrustedCa = "corporate-ca";

    public static TheoryData<string> ValueSets => RenderedCharts.ValueSets;

    [Theory, MemberData(nameof(ValueSets))]
    public void every_service_gets_only_the_keys_that_it_reads(string values)
    {
        var manifest = charts.Manifest(values);
        foreach (var (service, container) in Services.Select(service => (service, manifest.Workload(service).Spec.Containers[0]))
            .Concat(Migrations(manifest)))
        {
            var project = char.ToUpperInvariant(service[0]) + service[1..];
            Settings.Of(manifest, container).Keys
                .Where(key => !key.StartsWith("Logging__", StringComparison.Ordinal))
                .ShouldBeSubsetOf(Settings.KnownTo(project), service);
        }
    }

    [Fact]
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
            service.Spec.Ports.ShouldAllBe(port =>
                ports.Any(open => open.Name == port.TargetPort.Value && open.ContainerPort == port.Port));
        }

        foreach (var budget in manifest.Of<V1PodDisruptionBudget>())
            Found(manifest, budget.Spec.Selector.MatchLabels).Single().Owner.Metadata.Name.ShouldBe(budget.Metadata.Name);
        foreach (var spread in manifest.Workloads.SelectMany(
            pod => pod.Spec.TopologySpreadConstraints ?? [], (pod, spread) => (pod, spread)))
            Found(manifest, spread.spread.LabelSelector.MatchLabels).ShouldBe([spread.pod]);
    }

    /// <summary>Without a number, Kubernetes begins with one replica.</summary>
    [Theory, MemberData(nameof(ValueSets))]
    public void an_autoscaler_scales_a_deployment_that_begins_with_the_minimum(string values)
    {
        var manifest = charts.Manifest(values);
        var scaled = manifest.Of<V2HorizontalPodAutoscaler>().Select(one => (one.Spec.ScaleTargetRef.Name, one.Spec.MinReplicas!.Value))
            .Concat(manifest.Custom("ScaledObject").Select(one => Json(one.Spec))
                .Select(spec =>
                    (spec.GetProperty("scaleTargetRef").GetProperty("name").GetString()!, spec.GetProperty("minReplicaCount").GetInt32())));

        foreach (var (name, least) in scaled)
            manifest.Of<V1Deployment>().Single(deployment => deployment.Metadata.Name == name).Spec.Replicas.ShouldBe(least, name);
    }

    [Fact]
    public void keda_watches_queues_that_the_projector_reads()
    {
        var consumers = Directory.EnumerateFiles(
            Path.Combine(Repository.Root, "services", "Projector"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Consumer().Matches(File.ReadAllText(file)))
            .Select(consumer => consumer.Groups[1].Value)
            .Select(name => WordStart().Replace(name, "-$1").ToLowerInvariant());
        var queues = Json(charts.Manifest("full").Custom("ScaledObject").Single().Spec).GetProperty("triggers").EnumerateArray()
            .Select(trigger => trigger.GetProperty("metadata").GetProperty("queueName").GetString()!);

        queues.ShouldBeSubsetOf(consumers);
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void everything_that_a_pod_refers_to_exists_when_it_starts(string values)
    {
        var manifest = charts.Manifest(values);
        foreach (var pod in manifest.Workloads)
        {
            var hook = Hook(pod.Owner.Metadata);
            if (pod.Spec.ServiceAccountName is { } account)
                AppearsBefore(manifest.Of<V1ServiceAccount>().Single(one => one.Metadata.Name == account).Metadata);
            foreach (var map in pod.Containers.SelectMany(one => one.EnvFrom ?? []).Select(one => one.ConfigMapRef.Name)
                .Concat((pod.Spec.Volumes ?? []).Select(volume => volume.ConfigMap?.Name).OfType<string>()).Where(map => map != TrustedCa))
                AppearsBefore(manifest.Of<V1ConfigMap>().Single(one => one.Metadata.Name == map).Metadata);

            // A hook before the release can use only hooks of less weight, because nothing else of the release exists yet.
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
    [InlineData("openshift", true)]
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

    /// <summary>
    /// When Helm gives up before the job, the job continues. So its account and its network policy must still exist.
    /// </summary>
    [Fact]
    public void a_migration_that_helm_no_longer_waits_for_keeps_what_it_needs()
    {
        var manifest = charts.Manifest("minimal");
        var needed = manifest.Objects.Where(one => Hook(one.Metadata).Events.Contains("pre-") && one is not V1Job).ToList();

        needed.Select(one => one.Kind).ShouldBe(["ServiceAccount", "NetworkPolicy"], ignoreOrder: true);
        needed.ShouldAllBe(one => one.Metadata.Annotations["helm.sh/hook-delete-policy"] == "before-hook-creation");
        manifest.Of<V1Job>().Single().Spec.ActiveDeadlineSeconds!.Value.ShouldBeLessThan((long)TimeSpan.FromMinutes(5).TotalSeconds);
    }

    [Fact]
    public void a_migration_is_given_no_secret_but_the_databases() =>
        Migrations(charts.Manifest("full")).SelectMany(one => one.Container.Env)
            .Select(variable => variable.ValueFrom?.SecretKeyRef.Name).OfType<string>()
            .Distinct().ShouldBe(["postgres"]);

    [Fact]
    public void the_doctors_job_has_the_environment_of_all_services()
    {
        var manifest = charts.Manifest("full");
        var doctor = Settings.Of(manifest, "doctor").Keys.ToHashSet();

        Services.SelectMany(service => Settings.Of(manifest, service).Keys)
            .Where(key => !key.StartsWith("Alerts__", StringComparison.Ordinal) && !key.StartsWith("Logging__", StringComparison.Ordinal))
            .ShouldBeSubsetOf(doctor);
    }

    /// <summary>A service refuses requests for host names that Access__Hosts does not list.</summary>
    [Theory, MemberData(nameof(ValueSets))]
    public void the_command_line_calls_the_scheduler_by_a_name_that_it_accepts(string values)
    {
        var manifest = charts.Manifest(values);
        foreach (var component in (string[])["doctor", "rebuild", "test"])
        {
            foreach (var pod in manifest.Workloads.Where(pod => pod.Component == component))
            {
                var host = new Uri(Settings.Of(manifest, pod.Spec.Containers[0])["LEADSYNC_URL"]).Host;
                manifest.Of<V1Service>().ShouldContain(service => service.Metadata.Name == host, $"{pod}");
                if (Settings.Of(manifest, "scheduler").TryGetValue("Access__Hosts", out var hosts))
                    hosts.Split(',').ShouldContain(host, $"{pod}");
            }
        }
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void a_test_ends_before_helm_gives_up(string values)
    {
        var ofHelm = TimeSpan.FromMinutes(5);
        foreach (var test in charts.Manifest(values).Of<V1Pod>())
        {
            test.Spec.ActiveDeadlineSeconds!.Value.ShouldBeLessThan((long)ofHelm.TotalSeconds, test.Metadata.Name);
            foreach (var waits in test.Spec.Containers[0].Args.SkipWhile(one => one != "--timeout").Skip(1).Take(1))
                int.Parse(waits.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture)
                    .ShouldBeLessThan((int)test.Spec.ActiveDeadlineSeconds.Value, test.Metadata.Name);
        }
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
        manifest.Of<V1Ingress>().SelectMany(ingress => ingress.Spec.Rules).SelectMany(one => one.Http.Paths)
            .ShouldAllBe(path => path.Backend.Service.Port.Name == "http");
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

    private string Checksum(string values, string component) =>
        charts.Manifest(values).Workload(component).Metadata.Annotations["checksum/settings"];

    private static (string Events, int Weight) Hook(V1ObjectMeta metadata) =>
        (metadata.Annotations ?? new Dictionary<string, string>()) is var annotations
            && annotations.TryGetValue("helm.sh/hook", out var events)
            ? (events, int.Parse(
                annotations.TryGetValue("helm.sh/hook-weight", out var weight) ? weight : "0",
                System.Globalization.CultureInfo.InvariantCulture))
            : ("", 0);

    private static IEnumerable<(string Service, V1Container Container)> Migrations(Manifest manifest) =>
        manifest.Workloads.Where(pod => pod.Component == "migrate").SelectMany(pod => pod.Containers)
            .Select(container => (Regex.Match(container.Image, "/([a-z]+)[@:]").Groups[1].Value, container));

    private static IEnumerable<Workload> Found(Manifest manifest, IDictionary<string, string> selector) =>
        manifest.Workloads.Where(pod =>
            selector.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value));

    private static JsonElement Json(object spec) => JsonSerializer.SerializeToElement(spec);

    [GeneratedRegex(@"class (\w+)Consumer\b")]
    private static partial Regex Consumer();

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex WordStart();
}
