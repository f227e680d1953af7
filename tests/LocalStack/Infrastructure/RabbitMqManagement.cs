using System.Net.Http.Headers;
using System.Text;

namespace LeadSync.LocalStack.Infrastructure;

/// <summary>RabbitMQ's management API.</summary>
/// <param name="address">Its root, user and password included.</param>
internal sealed class RabbitMqManagement(Uri address) : IDisposable
{
    private readonly HttpClient http = new()
    {
        BaseAddress = address,
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo)))),
        },
    };

    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync("api/health/checks/protocol-listener/amqp", cancellationToken);
            return answer.IsSuccessStatusCode ? null : $"its management API answers {(int)answer.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }

    /// <summary>Creates a virtual host, in which the user of this API may do everything.</summary>
    public Task CreateVirtualHostAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, name, cancellationToken);

    public Task DeleteVirtualHostAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, name, cancellationToken);

    public void Dispose() => http.Dispose();

    private async Task SendAsync(HttpMethod method, string virtualHost, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"api/vhosts/{Uri.EscapeDataString(virtualHost)}");
        using var answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
