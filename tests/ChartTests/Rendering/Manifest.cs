using k8s;
using k8s.Models;

namespace LeadSync.ChartTests.Rendering;

/// <summary>The objects of a rendered chart, parsed strictly: an unknown field is an error.</summary>
internal sealed record Manifest(IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects)
{
    private static readonly Dictionary<string, Type> CustomResources = new[]
    {
        "gateway.networking.k8s.io/v1/HTTPRoute", "keda.sh/v1alpha1/ScaledObject", "keda.sh/v1alpha1/TriggerAuthentication",
        "monitoring.coreos.com/v1/ServiceMonitor", "monitoring.coreos.com/v1/PrometheusRule",
        "postgresql.cnpg.io/v1/Cluster", "rabbitmq.com/v1beta1/RabbitmqCluster",
    }.ToDictionary(kind => kind, _ => typeof(CustomResource));

    public static Manifest Parse(string yaml) =>
        new([.. KubernetesYaml.LoadAllFromString(yaml, CustomResources, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()]);

    /// <summary>The objects that create pods, with the templates of the pods.</summary>
    public IEnumerable<Workload> Workloads => Objects.SelectMany<IKubernetesObject<V1ObjectMeta>, Workload>(one => one switch
    {
        V1Deployment deployment => [new(one, deployment.Spec.Template.Metadata, deployment.Spec.Template.Spec)],
        V1Job job => [new(one, job.Spec.Template.Metadata, job.Spec.Template.Spec)],
        V1CronJob cron => [new(one, cron.Spec.JobTemplate.Spec.Template.Metadata, cron.Spec.JobTemplate.Spec.Template.Spec)],
        V1Pod pod => [new(one, pod.Metadata, pod.Spec)],
        _ => [],
    });

    public IEnumerable<T> Of<T>() => Objects.OfType<T>();

    public IEnumerable<CustomResource> Custom(string kind) => Of<CustomResource>().Where(one => one.Kind == kind);

    public Workload Workload(string component) => Workloads.Single(workload => workload.Component == component);
}

/// <param name="Owner">The object that creates the pods.</param>
internal sealed record Workload(IKubernetesObject<V1ObjectMeta> Owner, V1ObjectMeta Metadata, V1PodSpec Spec)
{
    public string Component => Metadata.Labels["app.kubernetes.io/component"];

    public IEnumerable<V1Container> Containers => [.. Spec.InitContainers ?? [], .. Spec.Containers];

    public override string ToString() => $"{Owner.Kind} {Owner.Metadata.Name}";
}

/// <summary>A custom resource, whose schema the tests do not have.</summary>
internal sealed class CustomResource : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public Dictionary<string, object> Spec { get; set; } = [];
}
