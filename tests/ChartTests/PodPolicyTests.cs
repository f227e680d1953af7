using k8s.Models;
using LeadSync.ChartTests.Rendering;

namespace LeadSync.ChartTests;

/// <summary>The rules of Kubernetes' pod security standard <c>restricted</c>, and limits that protect other pods.</summary>
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
        charts.Manifest(values).Workloads.ShouldAllBe(
            pod => pod.Spec.ServiceAccountName.Length > 0, "the account default is the namespace's");
    }

    /// <summary>OpenShift assigns a user from the namespace's range, and refuses any other user.</summary>
    [Fact]
    public void a_user_is_named_unless_it_is_unset()
    {
        charts.Manifest("minimal").Workloads.ShouldAllBe(pod =>
            pod.Spec.SecurityContext.RunAsUser == 1654 && pod.Spec.SecurityContext.FsGroup == 1654);
        charts.Manifest("openshift").Workloads.ShouldAllBe(pod =>
            pod.Spec.SecurityContext.RunAsUser == null && pod.Spec.SecurityContext.RunAsGroup == null
                && pod.Spec.SecurityContext.FsGroup == null);
    }

    [Fact]
    public void an_authority_of_ones_own_is_trusted_by_every_program()
    {
        foreach (var (pod, container) in Containers("full"))
        {
            var directories = container.Env.Single(variable => variable.Name == "SSL_CERT_DIR").Value.Split(':');
            var mount = container.VolumeMounts.Single(mount => directories.Contains(mount.MountPath));
            var volume = pod.Spec.Volumes.Single(volume => volume.Name == mount.Name).ConfigMap;
            (volume.Name, volume.Items.Single().Key).ShouldBe(("corporate-ca", "bundle.pem"), $"{pod}");
        }
    }

    [Fact]
    public void defaults_apply_to_all_pods_and_can_be_overridden()
    {
        foreach (var pod in charts.Manifest("full").Workloads)
        {
            pod.Metadata.Labels["example.org/cost-center"].ShouldBe("sales", $"{pod}");
            pod.Spec.Tolerations.Single().Key.ShouldBe("dedicated", $"{pod}");
            pod.Spec.Volumes.ShouldContain(volume => volume.Name == "scratch", $"{pod}");
            pod.Containers.ShouldAllBe(container => container.VolumeMounts.Any(mount => mount.MountPath == "/scratch"), $"{pod}");
        }

        charts.Manifest("full").Objects.ShouldAllBe(one => one.Metadata.Labels["example.org/owner"] == "crm");
        charts.Manifest("full").Of<V1ServiceAccount>().ShouldAllBe(account => account.Metadata.Annotations["example.org/role"] == "sync");
        charts.Manifest("full").Of<V1Service>().ShouldAllBe(service => service.Metadata.Annotations["example.org/exposed"] == "no");
        charts.Manifest("full").Workload("gateway").Spec.NodeSelector.ShouldContainKey("kubernetes.io/arch");
        charts.Manifest("full").Workload("projector").Spec.NodeSelector.ShouldBeNull();
    }

    [Fact]
    public void a_trial_pulls_no_image_from_a_public_registry()
    {
        foreach (var (pod, container) in Containers("dev")
            .Where(one => one.Container.Image.StartsWith("leadsync/", StringComparison.Ordinal)))
            container.ImagePullPolicy.ShouldBe("Never", $"{pod}");
        Containers("minimal").ShouldAllBe(one => one.Container.Image.StartsWith("registry.example.org/leadsync/"));
    }

    [Fact]
    public void a_job_has_no_sidecar_that_would_keep_it_from_ending()
    {
        foreach (var pod in charts.Manifest("full").Workloads.Where(pod => pod.Owner is not V1Deployment))
        {
            pod.Metadata.Labels["sidecar.istio.io/inject"].ShouldBe("false", $"{pod}");
            pod.Metadata.Annotations["linkerd.io/inject"].ShouldBe("disabled", $"{pod}");
        }
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
    public void every_container_has_requests_and_limits(string values)
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
    public void every_server_is_probed_and_only_its_own_process_causes_a_restart(string values)
    {
        foreach (var container in charts.Manifest(values).Of<V1Deployment>()
            .SelectMany(deployment => deployment.Spec.Template.Spec.Containers))
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
    public void a_service_has_more_time_to_end_than_it_needs(string values)
    {
        var toFinish = TimeSpan.FromSeconds(30);
        foreach (var component in (string[])["gateway", "projector", "scheduler"])
        {
            var drain = TimeSpan.Parse(
                Settings.Of(charts.Manifest(values), component)["Shutdown__Drain"], System.Globalization.CultureInfo.InvariantCulture);
            drain.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5));
            charts.Manifest(values).Workload(component).Spec.TerminationGracePeriodSeconds!.Value
                .ShouldBeGreaterThan((long)(drain + toFinish).TotalSeconds, component);
        }
    }

    [Theory, MemberData(nameof(ValueSets))]
    public void temporary_files_have_a_place(string values) =>
        Containers(values).ShouldAllBe(one => one.Container.VolumeMounts.Any(mount => mount.MountPath == "/tmp"));

    [Theory, MemberData(nameof(ValueSets))]
    public void no_secret_is_in_the_chart(string values)
    {
        if (values == "dev")
            return;

        var manifest = charts.Manifest(values);
        manifest.Of<V1Secret>().ShouldBeEmpty();
        Containers(values).SelectMany(one => one.Container.Env ?? [])
            .Where(variable => variable.Name.StartsWith("ConnectionStrings__", StringComparison.Ordinal))
            .ShouldAllBe(variable => variable.ValueFrom != null);
    }

    private IEnumerable<(Workload Pod, V1Container Container)> Containers(string values) =>
        charts.Manifest(values).Workloads.SelectMany(pod => pod.Containers.Select(container => (pod, container)));
}
