using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSync.ChartTests.Rendering;
using LeadSync.DevStack;
using LeadSync.DevStack.Infrastructure;
using k8s.Models;

namespace LeadSync.ChartTests;

public sealed class RenderingTests(RenderedCharts charts)
{
    public static TheoryData<string> ValueSets => RenderedCharts.ValueSets;

    [Theory, MemberData(nameof(ValueSets))]
    public async Task both_major_versions_of_helm_accept_the_chart(string values)
    {
        foreach (var major in HelmBinary.Majors)
        {
            var lint = await Chart.LintAsync(major, values);
            lint.ExitCode.ShouldBe(0, $"{lint.Output}{lint.Error}");
        }
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void both_major_versions_of_helm_render_the_same(string values) =>
        charts.Yaml(values, "helm3").ShouldBe(charts.Yaml(values, "helm4"));

    [Theory, MemberData(nameof(ValueSets))]
    public void every_object_is_one_that_kubernetes_knows(string values) =>
        charts.Manifest(values).Objects.ShouldNotBeEmpty();

    [Fact]
    public void a_field_that_kubernetes_does_not_know_is_noticed() =>
        Should.Throw<Exception>(() => Manifest.Parse(charts.Yaml("minimal").Replace("revisionHistoryLimit", "revisionHistoryLimitt")));

    /// <summary>Read the difference. If it is intended, run the tests once with UPDATE_SNAPSHOTS=1.</summary>
    [Theory, MemberData(nameof(ValueSets))]
    public async Task the_rendered_chart_equals_its_snapshot(string values)
    {
        var snapshot = Path.Combine(Repository.Root, "tests", "ChartTests", "Snapshots", $"{values}.yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(snapshot, Rendered(), TestContext.Current.CancellationToken);

        Rendered().ShouldBe(await File.ReadAllTextAsync(snapshot, TestContext.Current.CancellationToken));

        // Helm renders alert rules and dashboards unchanged, and they are files in the repository.
        string Rendered() => string.Join("---\n", charts.Yaml(values).Split("---\n")
            .Where(document => !document.Contains("kind: PrometheusRule") && !document.Contains("grafana_dashboard")));
    }

    [Theory]
    [InlineData("helm3")]
    [InlineData("helm4")]
    public Task without_values_one_sentence_names_everything_that_is_missing(string major) => ShouldBeRefused(
        major, values: null, [], "publicUrl", "image.prefix", "zoho.existingSecret.name", "postgresql.existingSecret.name",
        "rabbitmq.existingSecret.name", "dev.enabled=true");

    public static TheoryData<string, string> WrongValues => new()
    {
        { "dev.enabledd=true", "enabledd" },
        { "publicUrl=sync.example.org", "publicUrl" },
        { "image.tag=latest", "tag" },
        { "image.digests.gateway=sha256:1234", "gateway" },
        { "image.pullPolicy=Sometimes", "pullPolicy" },
        { "zoho.apiVersion=v9", "apiVersion" },
        { "zoho.clientSecret=hunter2", "clientSecret" },
        { "postgresql.password=hunter2", "password" },
        { "gateway.replicas=-1", "replicas" },
        { "gateway.resources.limits.memory=many", "memory" },
        { "scheduler.catchUpInterval=1h", "catchUpInterval" },
        { "rabbitmq.patience=2m", "patience" },
        { "zoho.proxy=proxy:3128", "proxy" },
        { "defaults.runAsUser=7", "runAsUser" },
        { "networkPolicy.postgresql.port=70000", "port" },
        { "cli.image=curlimages/curl:latest", "image" },
        { "gateway.extraEnv[0].name=A,gateway.extraEnv[0].vale=b", "vale" },
        { "gateway.tolerations[0].keey=dedicated", "keey" },
        { "gateway.affinity.nodeAffinty.x=y", "nodeAffinty" },
        { "gateway.httpRoute.parentRefs[0].name=a,gateway.httpRoute.parentRefs[0].sectonName=b", "sectonName" },
        { "networkPolicy.zohoFrom[0].namespaceSelector.matchLabel.a=b", "matchLabel" },
        { "projector.keda.minReplicas=0", "minReplicas" },
        { "networkPolicy.extraEgress[0].too[0].podSelector.matchLabels.a=b", "too" },
        { "commonLabels.app\\.kubernetes\\.io/part-of=crm", "part-of" },
        { "defaults.podLabels.app\\.kubernetes\\.io/name=crm", "name" },
    };

    [Theory, MemberData(nameof(WrongValues))]
    public Task a_wrong_value_is_refused_by_name(string wrong, string named) =>
        ShouldBeRefused("helm4", "minimal", ["--set", wrong], named, "schema");

    [Fact]
    public Task all_wrong_values_are_refused_by_helm_3_as_well() => ShouldBeRefused(
        "helm3", "minimal", [.. WrongValues.SelectMany(row => new[] { "--set", row.Data.Item1 })],
        [.. WrongValues.Select(row => row.Data.Item2)]);

    [Theory]
    [InlineData("gateway.autoscaling.minReplicas=9", "gateway.autoscaling: minReplicas is greater than maxReplicas")]
    [InlineData("projector.keda.minReplicas=9", "projector.keda: minReplicas is greater than maxReplicas")]
    [InlineData("projector.autoscaling.enabled=true,projector.keda.enabled=true", "enable one of them")]
    [InlineData("gateway.httpRoute.enabled=true", "gateway.httpRoute.parentRefs")]
    [InlineData("publicUrl=http://sync.example.org", "https addresses only")]
    [InlineData("shutdown.drainSeconds=60", "at least 35 more than drainSeconds")]
    [InlineData("trustedCa.secret=a,trustedCa.configMap=b", "not both")]
    [InlineData("defaults=null", "--reset-then-reuse-values")]
    public Task values_that_contradict_each_other_are_refused_in_one_sentence(string contradicting, string sentence) =>
        ShouldBeRefused("helm4", "minimal", ["--set", contradicting], sentence);

    [Fact]
    public void every_default_value_is_described_in_the_schema()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Chart.Directory, "values.schema.json")))!;
        var defaults = JsonSerializer.SerializeToNode(k8s.KubernetesYaml.Deserialize<Dictionary<string, object>>(
            File.ReadAllText(Path.Combine(Chart.Directory, "values.yaml"))))!.AsObject();

        defaults.Select(value => value.Key).Order().ShouldBe(
            schema["properties"]!.AsObject().Select(property => property.Key).Where(key => key != "global").Order());
    }

    /// <summary>Run the tests once with UPDATE_SNAPSHOTS=1 to write the table.</summary>
    [Fact]
    public async Task the_readme_lists_every_value()
    {
        var made = ValuesTable.Made();
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(ValuesTable.Path, made, TestContext.Current.CancellationToken);

        (await File.ReadAllTextAsync(ValuesTable.Path, TestContext.Current.CancellationToken)).ShouldBe(made);
    }

    [Fact]
    public void a_value_is_listed_with_its_path_its_default_and_its_comment() =>
        ValuesTable.Of(["a:", "  # What b is for,", "  # in two lines.", "  b: 1", "  c: {}"]).ShouldEndWith(
            "| `a.b` | `1` | What b is for, in two lines. |\n| `a.c` | `{}` |  |\n");

    [Fact]
    public async Task two_releases_in_one_namespace_share_nothing()
    {
        var others = Manifest.Parse((await Chart.TemplateAsync("helm4", "two", "dev")).Output);

        charts.Manifest("dev").Objects.Select(Identity).Intersect(others.Objects.Select(Identity)).ShouldBeEmpty();
        charts.Manifest("dev").Of<V1Service>().Select(Selector).Intersect(others.Of<V1Service>().Select(Selector)).ShouldBeEmpty();

        static string Identity(k8s.IKubernetesObject<V1ObjectMeta> one) => $"{one.Kind} {one.Metadata.Name}";
        static string Selector(V1Service service) => string.Join(",", service.Spec.Selector.OrderBy(label => label.Key));
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("minimal")]
    [InlineData("openshift")]
    public async Task the_longest_release_name_keeps_every_name_within_kubernetes_limits(string values)
    {
        var name = new string('a', 53);
        var manifest = Manifest.Parse((await Chart.TemplateAsync("helm4", name, values)).Output);
        var sibling = Manifest.Parse((await Chart.TemplateAsync("helm4", name[..^1] + "b", values)).Output);

        // Operators and CronJobs derive names that are up to 11 characters longer.
        manifest.Objects.Where(one => one is not V1CronJob and not CustomResource).ShouldAllBe(one => one.Metadata.Name.Length <= 63);
        manifest.Objects.Where(one => one is V1CronJob or CustomResource).ShouldAllBe(one => one.Metadata.Name.Length <= 52);
        manifest.Objects.SelectMany(one => one.Metadata.Labels ?? new Dictionary<string, string>())
            .ShouldAllBe(label => label.Value.Length <= 63);
        manifest.Objects.Select(one => one.Metadata.Name).Intersect(sibling.Objects.Select(one => one.Metadata.Name)).ShouldBeEmpty();
    }

    private static async Task ShouldBeRefused(string major, string? values, string[] options, params string[] words)
    {
        var command = await Chart.TemplateAsync(major, "one", values, options);
        command.ExitCode.ShouldNotBe(0);
        foreach (var word in words)
            command.Error.ShouldContain(word);
    }
}
