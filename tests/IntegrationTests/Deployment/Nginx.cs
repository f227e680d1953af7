using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.TestSupport.Network;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>An nginx that a test starts. Started by root, it works as the user nobody, as its package does.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ChildProcess process;

    private Nginx(ChildProcess process, int port)
    {
        this.process = process;
        Address = new($"http://127.0.0.1:{port}/");
    }

    public Uri Address { get; }

    /// <param name="locations">The locations of its only server.</param>
    internal static async Task<Nginx> StartAsync(RunDirectory run, string locations, CancellationToken ct)
    {
        var program = await SystemProgram.FindAsync("nginx", Console.WriteLine);
        Assert.SkipWhen(program is null, "needs nginx: apt-get install nginx");
        var port = FreePort.Take();
        var directory = Path.Combine(run.Temporary, $"nginx-{port}");
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            daemon off; worker_processes 1; pid {{directory}}/pid; error_log {{directory}}/error.log;
            {{(Environment.IsPrivilegedProcess ? "user nobody nogroup;" : "")}}
            events {}
            http {
              access_log off;
              client_body_temp_path {{directory}}/body; proxy_temp_path {{directory}}/proxy;
              fastcgi_temp_path {{directory}}/f; uwsgi_temp_path {{directory}}/u; scgi_temp_path {{directory}}/s;
              server {
                listen 127.0.0.1:{{port}};
                {{locations}}
              }
            }
            """, ct);
        var nginx = new Nginx(ChildProcess.Start($"nginx-{port}", new(program!, ["-c", file, "-p", directory]), run), port);
        try
        {
            await nginx.process.WaitUntilReadyAsync(
                async stop => await FreePort.AnswersAsync(port, stop) ? null : "it does not listen", Patience, ct);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
