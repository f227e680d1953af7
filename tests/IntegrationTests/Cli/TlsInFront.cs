using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LeadSync.IntegrationTests.Cli;

/// <summary>A proxy that speaks https in front of a service, with a certificate that clients do not trust by default.</summary>
internal sealed class TlsInFront : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2 certificate = SelfSigned();
    private readonly Uri behind;

    public TlsInFront(Uri behind)
    {
        this.behind = behind;
        listener.Start();
        _ = Serve();
    }

    public string Address => $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The certificate, for clients that should trust it.</summary>
    public string Certificate => certificate.ExportCertificatePem();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        certificate.Dispose();
        stop.Dispose();
    }

    private async Task Serve()
    {
        while (true)
            _ = Pass(await listener.AcceptTcpClientAsync(stop.Token));
    }

    private async Task Pass(TcpClient client)
    {
        using (client)
        {
            await using var front = new SslStream(client.GetStream());
            await front.AuthenticateAsServerAsync(certificate);
            using var back = new TcpClient();
            await back.ConnectAsync(behind.Host, behind.Port, stop.Token);
            await Task.WhenAny(front.CopyToAsync(back.GetStream(), stop.Token), back.GetStream().CopyToAsync(front, stop.Token));
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(100));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }
}
