using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Benchmarks.Leads;
using LeadSync.Contracts;
using LeadSync.DevStack;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.DevStack.Services;
using Npgsql;

namespace LeadSync.Benchmarks.Stack;

/// <summary>Gateway and projector as processes, with their own database and virtual host.</summary>
internal sealed class BenchStack : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly Isolation isolation;
    private int jobs;

    private BenchStack(Isolation isolation, Surroundings surroundings, ServiceProcesses services)
    {
        this.isolation = isolation;
        Surroundings = surroundings;
        Services = services;
        Database = NpgsqlDataSource.Create(isolation.Postgres);
    }

    public Surroundings Surroundings { get; }

    public ServiceProcesses Services { get; }

    public NpgsqlDataSource Database { get; }

    public string Postgres => isolation.Postgres;

    public Uri RabbitMq => isolation.RabbitMq;

    public static async Task<BenchStack> StartAsync(
        LocalInfrastructure infrastructure, RunDirectory run, CancellationToken cancellationToken)
    {
        var isolation = await Isolation.CreateAsync(infrastructure, cancellationToken);
        var surroundings = await Surroundings.StartAsync(isolation.RabbitMq, cancellationToken);
        var settings = new ServiceSettings(isolation.Postgres, isolation.RabbitMq)
        {
            More = new Dictionary<string, string>
            {
                ["Zoho__AccountsUrl"] = $"{surroundings.Address}",
                ["Zoho__ApiUrl"] = $"{surroundings.Address}",
            },
        };
        var stack = new BenchStack(isolation, surroundings, new ServiceProcesses(settings, run));
        try
        {
            await Task.WhenAll(
                stack.Services.Gateway.StartAsync(cancellationToken), stack.Services.Projector.StartAsync(cancellationToken));
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the projector project a page.</summary>
    /// <returns>The time from the message to the answer, and the answer.</returns>
    public async Task<(TimeSpan Took, BulkPageProjected Outcome)> ProjectAsync(
        LeadPage page, string zip, CancellationToken cancellationToken)
    {
        var fields = await Services.Gateway.Http.GetFromJsonAsync<LeadFields>("fields", Json, cancellationToken);
        var ready = page.Ready($"{++jobs}", TimeProvider.System.GetUtcNow(), fields!.FieldSet);
        Surroundings.Zoho.Offer(ready.JobId, zip);
        var started = Stopwatch.GetTimestamp();
        await Surroundings.Bus.Publish(ready, cancellationToken);
        var answer = await Surroundings.Announcements.Of($"{ready.RunId}").WaitAsync(TimeSpan.FromMinutes(10), cancellationToken);
        return answer is BulkPageProjected projected
            ? (Stopwatch.GetElapsedTime(started), projected)
            : throw new DevStackException($"The page was rejected: {answer}");
    }

    /// <summary>Runs a checkpoint, so that the next step does not pay for the step before.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => ExecuteAsync("checkpoint", cancellationToken);

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<T> ValueAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Surroundings.DisposeAsync();
        await Database.DisposeAsync();
        await isolation.DisposeAsync();
    }
}
