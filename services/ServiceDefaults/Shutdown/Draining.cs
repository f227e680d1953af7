using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace LeadSync.ServiceDefaults.Shutdown;

/// <summary>
/// After SIGTERM the service reports that it is not ready, but keeps serving for <c>Shutdown__Drain</c>, and closes connections after their
/// next answer. A load balancer needs this time to notice; otherwise it would lose the requests that it sends meanwhile.
/// </summary>
internal sealed class Draining(TimeSpan drain, IHostApplicationLifetime lifetime, TimeProvider clock)
    : IHostedLifecycleService, IHealthCheck
{
    // The time that Kestrel, the bus and its consumers then have to finish their work.
    private static readonly TimeSpan ToFinish = TimeSpan.FromSeconds(30);

    public static void Add(WebApplicationBuilder builder, Settings settings)
    {
        var drain = settings.Duration("Shutdown__Drain", TimeSpan.Zero, least: TimeSpan.Zero);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = drain + ToFinish);
        builder.Services.AddSingleton(provider => new Draining(
            drain, provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        builder.Services.AddHealthChecks().AddCheck<Draining>("shutdown", tags: ["ready"]);
    }

    /// <summary>After SIGTERM, closes each connection after its next answer.</summary>
    public static void Use(WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((http, next) =>
        {
            if (stopping.IsCancellationRequested)
                http.Response.Headers.Connection = "close";
            return next(http);
        });
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("the service is ending")
            : HealthCheckResult.Healthy());

    /// <summary>The host calls this before it stops anything.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(drain, clock, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
