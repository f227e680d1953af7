using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>RabbitMQ's management API.</summary>
/// <param name="address">The API's root, with user and password.</param>
internal sealed class RabbitMqManagement(Uri address) : IDisposable
{
    private readonly HttpClient http = new()
    {
        BaseAddress = address,
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo)))),
        },
    };

    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync("api/health/checks/protocol-listener/amqp", cancellationToken);
            return answer.IsSuccessStatusCode ? null : $"its management API answers {(int)answer.StatusCode}";
        }
        // .NET throws a bare SocketException when a server that ends resets a connection just after accepting it.
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return e.Message;
        }
    }

    /// <summary>Creates a virtual host, and gives this API's user all permissions in it.</summary>
    public Task CreateVirtualHostAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, "vhosts", name, cancellationToken);

    public Task DeleteVirtualHostAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, "vhosts", name, cancellationToken);

    /// <summary>Deletes every virtual host and every user whose name begins with the prefix.</summary>
    public async Task DeleteAllOfAsync(string prefix)
    {
        foreach (var kind in new[] { "vhosts", "users" })
        {
            var all = await http.GetFromJsonAsync<JsonElement>($"api/{kind}?columns=name");
            foreach (var name in all.EnumerateArray().Select(one => one.GetProperty("name").GetString()!))
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal))
                    await SendAsync(HttpMethod.Delete, kind, name, CancellationToken.None);
            }
        }
    }

    public async Task<string> VersionAsync(CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<JsonElement>("api/overview?columns=rabbitmq_version", cancellationToken))
            .GetProperty("rabbitmq_version").GetString()!;

    /// <summary>The number of messages in each queue of a virtual host, with unacknowledged ones, some seconds ago.</summary>
    public async Task<IReadOnlyDictionary<string, long>> MessagesAsync(string virtualHost, CancellationToken cancellationToken)
    {
        var queues = await http.GetFromJsonAsync<JsonElement>(
            $"api/queues/{Uri.EscapeDataString(virtualHost)}?columns=name,messages", cancellationToken);
        return queues.EnumerateArray().ToDictionary(
            queue => queue.GetProperty("name").GetString()!,
            queue => queue.TryGetProperty("messages", out var messages) ? messages.GetInt64() : 0);
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        http.GetFromJsonAsync<JsonElement>(path, cancellationToken);

    public void Dispose() => http.Dispose();

    private async Task SendAsync(HttpMethod method, string kind, string name, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"api/{kind}/{Uri.EscapeDataString(name)}");
        using var answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
