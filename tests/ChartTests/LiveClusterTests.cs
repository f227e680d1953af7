using k8s.Models;
using LeadSync.ChartTests.Rendering;

namespace LeadSync.ChartTests;

/// <summary>The effect of existing objects of the cluster on the chart.</summary>
public sealed class LiveClusterTests
{
    public static TheoryData<string> Majors => [.. DevStack.Infrastructure.HelmBinary.Majors];

    [Theory, MemberData(nameof(Majors))]
    public async Task a_missing_secret_is_named_before_a_pod_waits_for_it(string helm)
    {
        using var cluster = new FakeCluster();
        cluster.AddSecret("leadsync-postgres", "connection-string");
        cluster.AddSecret("leadsync-rabbitmq", "connection-string");
        cluster.AddSecret("leadsync-zoho", "client-id", "client-secret");

        var rendered = await Render(helm, cluster, "minimal");

        rendered.ExitCode.ShouldNotBe(0);
        rendered.Error.ShouldContain(
            "these are not in the namespace sales: Secret leadsync-zoho (its key refresh-token), Secret leadsync-postgres-migrator.");
    }

    [Theory]
    [InlineData("trustedCa.secret=missing", "Secret missing.")]
    [InlineData("trustedCa.configMap=missing", "ConfigMap missing.")]
    [InlineData("trustedCa.configMap=corporate-ca,trustedCa.key=bundle.pem", "ConfigMap corporate-ca (its key bundle.pem).")]
    public async Task a_missing_authority_is_named_before_a_pod_waits_for_it(string values, string named)
    {
        using var cluster = new FakeCluster();
        AddSecrets(cluster);
        cluster.AddConfigMap("corporate-ca", "ca.crt");

        var rendered = await Render("helm3", cluster, "minimal", "--set", values);

        rendered.ExitCode.ShouldNotBe(0);
        rendered.Error.ShouldContain($"these are not in the namespace sales: {named}");
        (await Render("helm3", cluster, "minimal", "--set", "trustedCa.configMap=corporate-ca")).ExitCode.ShouldBe(0);
    }

    /// <remarks>Runs Helm 3 only: Helm 4 requires the cluster to know every kind of object in the chart.</remarks>
    [Fact]
    public async Task autoscaling_continues_from_the_present_number_of_replicas()
    {
        using var cluster = new FakeCluster();
        AddSecrets(cluster);
        cluster.AddDeployment("one-leadsync-gateway", replicas: 5);
        cluster.AddDeployment("one-leadsync-projector", replicas: 1);

        var rendered = await Render("helm3", cluster, "high-availability");

        rendered.ExitCode.ShouldBe(0, rendered.Error);
        Manifest.Parse(rendered.Output).Of<V1Deployment>().ToDictionary(one => one.Metadata.Name, one => one.Spec.Replicas)
            .ShouldBe(new Dictionary<string, int?>
        {
            ["one-leadsync-gateway"] = 5,
            ["one-leadsync-projector"] = 3,
            ["one-leadsync-scheduler"] = 3,
        }, ignoreOrder: true);
    }

    private static void AddSecrets(FakeCluster cluster)
    {
        foreach (var secret in (string[])["leadsync-postgres", "leadsync-postgres-migrator", "leadsync-rabbitmq"])
            cluster.AddSecret(secret, "connection-string");
        cluster.AddSecret("leadsync-zoho", "client-id", "client-secret", "refresh-token");
    }

    private static Task<TestSupport.ProgramResult> Render(string helm, FakeCluster cluster, string values, params string[] more) =>
        Chart.TemplateAsync(
            helm, "one", values,
            ["--dry-run=server", "--disable-openapi-validation", "--kube-apiserver", cluster.Address, "--kube-version", "1.36.2", .. more]);
}
