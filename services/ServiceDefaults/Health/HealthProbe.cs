using System.Net.Sockets;

namespace LeadSync.ServiceDefaults.Health;

/// <summary>Asks the program that runs in the same container whether it is ready, because the images have neither a shell nor
/// curl.</summary>
internal static class HealthProbe
{
    /// <param name="port">The program's port.</param>
    /// <returns>The exit code: 0 when it is ready; otherwise 1, and standard error says why.</returns>
    public static async Task<int> Run(int port)
    {
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
            using var answer = await http.GetAsync($"http://127.0.0.1:{port}/health/ready");
            if (answer.IsSuccessStatusCode)
                return 0;

            await Console.Error.WriteLineAsync(await answer.Content.ReadAsStringAsync());
        }
        // .NET throws a bare SocketException when a server that ends resets a connection just after accepting it.
        catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }

        return 1;
    }
}
