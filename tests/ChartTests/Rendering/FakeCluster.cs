using System.Net;
using System.Text;
using System.Text.Json;
using LeadSync.TestSupport.Network;

namespace LeadSync.ChartTests.Rendering;

/// <summary>The part of Kubernetes' API that Helm's <c>lookup</c> needs. Templates find the objects of this cluster.</summary>
internal sealed class FakeCluster : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Dictionary<string, object> answers = new()
    {
        ["/version"] = new { major = "1", minor = "36", gitVersion = "v1.36.2" },
        ["/api"] = new { kind = "APIVersions", versions = new[] { "v1" } },
        ["/apis"] = new
        {
            kind = "APIGroupList",
            apiVersion = "v1",
            groups = new[] { new { name = "apps", versions = new[] { new { groupVersion = "apps/v1", version = "v1" } } } },
        },
        ["/api/v1"] = Resources("v1", ("serviceaccounts", "ServiceAccount"), ("secrets", "Secret"), ("configmaps", "ConfigMap")),
        ["/apis/apps/v1"] = Resources("apps/v1", ("deployments", "Deployment")),
        ["/api/v1/namespaces/sales/serviceaccounts/default"] = new
        {
            kind = "ServiceAccount", apiVersion = "v1", metadata = new { name = "default" }
        },
    };

    public FakeCluster()
    {
        Address = $"http://127.0.0.1:{FreePort.Take()}/";
        listener.Prefixes.Add(Address);
        listener.Start();
        _ = Serve();
    }

    public string Address { get; }

    public void AddSecret(string name, params string[] keys) => answers[$"/api/v1/namespaces/sales/secrets/{name}"] =
        new { kind = "Secret", apiVersion = "v1", metadata = new { name }, data = keys.ToDictionary(key => key, _ => "c2VjcmV0") };

    public void AddConfigMap(string name, string key) => answers[$"/api/v1/namespaces/sales/configmaps/{name}"] = new
    {
        kind = "ConfigMap", apiVersion = "v1", metadata = new { name }, data = new Dictionary<string, string> { [key] = "a certificate" },
    };

    public void AddDeployment(string name, int replicas) => answers[$"/apis/apps/v1/namespaces/sales/deployments/{name}"] =
        new { kind = "Deployment", apiVersion = "apps/v1", metadata = new { name }, spec = new { replicas } };

    public void Dispose() => listener.Close();

    private static object Resources(string version, params (string Name, string Kind)[] resources) => new
    {
        kind = "APIResourceList",
        groupVersion = version,
        resources = resources.Select(resource =>
            new { name = resource.Name, singularName = "", namespaced = true, kind = resource.Kind, verbs = new[] { "get", "list" } }),
    };

    private async Task Serve()
    {
        try
        {
            while (true)
                Answer(await listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var isKnown = answers.TryGetValue(context.Request.Url!.AbsolutePath, out var answer);
        context.Response.StatusCode = isKnown ? 200 : 404;
        context.Response.ContentType = "application/json";
        context.Response.Close(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(isKnown
            ? answer
            : new { kind = "Status", apiVersion = "v1", status = "Failure", reason = "NotFound", code = 404 })), willBlock: false);
    }
}
