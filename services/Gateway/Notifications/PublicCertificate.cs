using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Shutdown;
using LeadSync.ServiceDefaults.Telemetry;
using Npgsql;

namespace LeadSync.Gateway.Notifications;

/// <summary>Looks every hour when the certificate of the public address expires: Zoho delivers nothing to an address whose certificate
/// has expired.</summary>
internal sealed class PublicCertificate : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Uri address;
    private readonly NpgsqlDataSource database;
    private readonly TimeProvider clock;
    private DateTimeOffset? ends;

    public PublicCertificate(GatewayOptions options, NpgsqlDataSource database, TimeProvider clock)
    {
        (address, this.database, this.clock) = (new Uri(options.NotifyUrl), database, clock);
        LeadSyncTelemetry.Meter.CreateObservableGauge(
            "leadsync.gateway.certificate.time_left",
            () => ends is { } at ? [new((at - clock.GetUtcNow()).TotalSeconds)]
                : Enumerable.Empty<System.Diagnostics.Metrics.Measurement<double>>(),
            "s", "Time until the certificate of the public address expires.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (address.Scheme != Uri.UriSchemeHttps)
            return;

        while (true)
        {
            try
            {
                ends = await Look(stoppingToken);
                await Record(ends.Value, stoppingToken);
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken)
                && e is SocketException or IOException or System.Security.Authentication.AuthenticationException
                    or OperationCanceledException or NpgsqlException)
            {
                // Some networks cannot call their own public address, so a failure is no warning here. The doctor checks the address.
            }

            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task<DateTimeOffset> Look(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.DnsSafeHost, address.Port, patience.Token);
        DateTimeOffset? shown = null;
        await using var encrypted = new SslStream(connection.GetStream());
        await encrypted.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = address.DnsSafeHost,
                // Only the expiry matters here, and the gateway sends nothing. The doctor checks whether the certificate is trusted.
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    shown = (certificate as X509Certificate2)?.NotAfter.ToUniversalTime();
                    return shown is not null;
                },
            },
            patience.Token);
        return shown ?? throw new IOException("The public address shows no certificate.");
    }

    private async Task Record(DateTimeOffset at, CancellationToken ct)
    {
        await database.Execute("""
            insert into gateway.certificate (ends_at, looked_at) values ($1, now())
            on conflict (only_row) do update set ends_at = excluded.ends_at, looked_at = excluded.looked_at
            """, ct, at);
    }
}
