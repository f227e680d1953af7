using LeadSync.DevStack.Processes;
using LeadSync.DevStack.Services;
using LeadSync.TestSupport.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LeadSync.Benchmarks.Floors;

/// <summary>Runs this program as the process that measures a floor.</summary>
internal static class FloorHost
{
    public const string Empty = "empty";
    public const string Live = "live";

    private const string Role = "LEADSYNC_BENCHMARK_FLOOR";

    /// <summary>Runs as a floor, if this process is one.</summary>
    public static async Task<bool> RunAsync()
    {
        switch (Environment.GetEnvironmentVariable(Role))
        {
            case Empty:
                await RunEmptyAsync();
                return true;
            case Live:
                await LiveFloor.RunAsync();
                return true;
            default:
                return false;
        }
    }

    public static ServiceProcess Create(string role, RunDirectory run, IReadOnlyDictionary<string, string> environment) => new(
        "tests/Benchmarks", $"floor-{role}", new Uri($"http://127.0.0.1:{FreePort.Take()}/"), run: run,
        environment: new Dictionary<string, string>(environment) { [Role] = role });

    private static async Task RunEmptyAsync()
    {
        var app = WebApplication.CreateBuilder().Build();
        app.MapGet("/health/ready", () => Results.Ok());
        await app.RunAsync();
    }
}
