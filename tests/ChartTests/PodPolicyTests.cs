using k8s.Models;
using LeadSync.ChartTests.Rendering;

namespace LeadSync.ChartTests;

/// <summary>What Kubernetes' pod security standard <c>restricted</c> asks for, and what keeps a pod well-behaved among others.</summary>
public sealed class PodPolicyTests(RenderedCharts charts)
{
    public static TheoryData<string> ValueSets => RenderedCharts.ValueSets;

    [Theory, MemberData(nameof(ValueSets))]
    public void no_pod_runs_as_root_or_with_a_token(string values)
    {
        foreach (var pod in charts.Manifest(values).Workloads)
        {
            pod.Spec.SecurityContext.RunAsNonRoot.ShouldBe(true, $"{pod}");
            pod.Spec.SecurityContext.RunAsUser.ShouldNotBe(0, $"{pod}");
            pod.Spec.SecurityContext.SeccompProfile.Type.ShouldBe("RuntimeDefault", $"{pod}");
            pod.Spec.AutomountServiceAccountToken.ShouldBe(false, $"{pod}");
            pod.Spec.EnableServiceLinks.ShouldBe(false, $"{pod}");
            new[] { pod.Spec.HostNetwork, pod.Spec.HostPID, pod.Spec.HostIPC }.ShouldAllBe(host => host != true, $"{pod}");
            (pod.Spec.Volumes ?? []).ShouldAllBe(volume => volume.HostPath == null, $"{pod}");
        }

        charts.Manifest(values).Of<V1ServiceAccount>().ShouldAllBe(account => account.AutomountServiceAccountToken == false);
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void no_container_can_gain_rights_or_write_to_its_image(string values)
    {
        foreach (var (pod, container) in Containers(values))
        {
            container.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false, $"{pod}");
            container.SecurityContext.ReadOnlyRootFilesystem.ShouldBe(true, $"{pod}");
            container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"], $"{pod}");
            (container.SecurityContext.Capabilities.Add ?? []).ShouldBeEmpty($"{pod}");
            container.SecurityContext.Privileged.ShouldNotBe(true, $"{pod}");
        }
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void every_container_says_what_it_needs_and_what_it_may_take(string values)
    {
        foreach (var (pod, container) in Containers(values))
        {
            container.Resources.Requests.Keys.ShouldBe(["cpu", "memory"], ignoreOrder: true, $"{pod}");
            container.Resources.Limits.Keys.ShouldContain("memory", $"{pod}");
        }

        charts.Manifest(values).Workloads.SelectMany(pod => pod.Spec.Volumes ?? []).Where(volume => volume.EmptyDir is not null)
            .ShouldAllBe(volume => volume.EmptyDir.SizeLimit != null);
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void every_image_has_a_version(string values)
    {
        foreach (var (pod, container) in Containers(values))
        {
            container.Image.ShouldMatch("(:[^/:]+|@sha256:[0-9a-f]{64})$", $"{pod}");
            container.Image.ShouldNotEndWith(":latest", $"{pod}");
        }
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void every_server_is_probed_and_only_its_own_process_decides_about_a_restart(string values)
    {
        foreach (var container in charts.Manifest(values).Of<V1Deployment>().SelectMany(deployment => deployment.Spec.Template.Spec.Containers))
        {
            container.StartupProbe.ShouldNotBeNull(container.Name);
            container.ReadinessProbe.ShouldNotBeNull(container.Name);
            (container.LivenessProbe.HttpGet?.Path ?? "/health/live").ShouldBe("/health/live", container.Name);
            var ports = container.Ports.Select(port => port.Name).ToList();
            foreach (var probe in (V1Probe[])[container.StartupProbe, container.LivenessProbe, container.ReadinessProbe])
                (probe.HttpGet?.Port ?? probe.TcpSocket?.Port ?? ports[0]).Value.ShouldBeOneOf([.. ports]);
        }
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void a_service_has_longer_to_end_than_it_takes(string values)
    {
        var toFinish = TimeSpan.FromSeconds(30);
        foreach (var component in (string[])["gateway", "projector", "scheduler"])
        {
            var drain = TimeSpan.Parse(Settings.Of(charts.Manifest(values), component)["Shutdown__Drain"], System.Globalization.CultureInfo.InvariantCulture);
            drain.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5));
            charts.Manifest(values).Workload(component).Spec.TerminationGracePeriodSeconds!.Value
                .ShouldBeGreaterThan((long)(drain + toFinish).TotalSeconds, component);
        }
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void temporary_files_have_a_place(string values) =>
        Containers(values).Where(one => one.Pod.Component is not "test").ShouldAllBe(one => one.Container.VolumeMounts.Any(mount => mount.MountPath == "/tmp"));

    [Theory, MemberData(nameof(ValueSets))]
    public void no_secret_is_written_down(string values)
    {
        if (values == "dev")
            return;

        var manifest = charts.Manifest(values);
        manifest.Of<V1Secret>().ShouldBeEmpty();
        Containers(values).SelectMany(one => one.Container.Env ?? []).Where(variable => variable.Name.StartsWith("ConnectionStrings__", StringComparison.Ordinal))
            .ShouldAllBe(variable => variable.ValueFrom != null || variable.Value.Contains("$(POSTGRES_PASSWORD)"));
    }

    private IEnumerable<(Workload Pod, V1Container Container)> Containers(string values) =>
        charts.Manifest(values).Workloads.SelectMany(pod => pod.Containers.Select(container => (pod, container)));
}
