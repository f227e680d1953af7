using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>A private authority, its certificates for <c>localhost</c> and for a client, and TLS in front of servers.</summary>
internal sealed class PrivateTls : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<TcpListener> listeners = [];
    private readonly X509Certificate2 authority;
    private readonly X509Certificate2 server;
    private int shown;

    public PrivateTls(string directory)
    {
        Directory.CreateDirectory(directory);
        authority = Authority();
        server = Signed("CN=localhost");
        using var client = Signed("CN=leadsync");
        AuthorityFile = Path.Combine(directory, "ca.pem");
        CertificateFile = Path.Combine(directory, "client.crt");
        KeyFile = Path.Combine(directory, "client.key");
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
        File.WriteAllText(CertificateFile, client.ExportCertificatePem());
        File.WriteAllText(KeyFile, client.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public string AuthorityFile { get; }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    /// <summary>The number of times that a client has shown its certificate.</summary>
    public int Shown => Volatile.Read(ref shown);

    /// <summary>Speaks TLS from the first byte, and requires a client certificate of the authority.</summary>
    /// <returns>The port.</returns>
    public int InFrontOf(int port) => Listen(port, asksForCertificate: true, _ => Task.CompletedTask);

    /// <summary>Speaks TLS from the first byte, like a web server.</summary>
    /// <returns>The port.</returns>
    public int InFrontOfWeb(int port) => Listen(port, asksForCertificate: false, _ => Task.CompletedTask);

    /// <summary>Speaks TLS on a connection that has begun without it.</summary>
    public async Task<SslStream> Upgrade(Stream plain)
    {
        var encrypted = new SslStream(plain);
        await encrypted.AuthenticateAsServerAsync(server);
        return encrypted;
    }

    /// <summary>Speaks TLS after PostgreSQL's request for it.</summary>
    /// <returns>The port.</returns>
    public int InFrontOfPostgres(int port) => Listen(port, asksForCertificate: false, async client =>
    {
        await client.ReadExactlyAsync(new byte[8], stop.Token);
        await client.WriteAsync("S"u8.ToArray(), stop.Token);
    });

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var listener in listeners)
            listener.Dispose();
        authority.Dispose();
        server.Dispose();
        stop.Dispose();
    }

    private int Listen(int port, bool asksForCertificate, Func<NetworkStream, Task> begin)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        listeners.Add(listener);
        _ = Serve(listener, port, asksForCertificate, begin);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task Serve(TcpListener listener, int port, bool asksForCertificate, Func<NetworkStream, Task> begin)
    {
        while (true)
            _ = Pass(await listener.AcceptTcpClientAsync(stop.Token), port, asksForCertificate, begin);
    }

    private async Task Pass(TcpClient client, int port, bool asksForCertificate, Func<NetworkStream, Task> begin)
    {
        using (client)
        {
            await begin(client.GetStream());
            await using var front = new SslStream(client.GetStream());
            await front.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = server,
                ClientCertificateRequired = asksForCertificate,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => !asksForCertificate || IsOurs(certificate),
            }, stop.Token);
            using var back = new TcpClient();
            await back.ConnectAsync(IPAddress.Loopback, port, stop.Token);
            await Task.WhenAny(front.CopyToAsync(back.GetStream(), stop.Token), back.GetStream().CopyToAsync(front, stop.Token));
        }
    }

    private bool IsOurs(X509Certificate? certificate)
    {
        if (certificate?.Issuer != authority.Subject || certificate.Subject != "CN=leadsync")
            return false;

        Interlocked.Increment(ref shown);
        return true;
    }

    private static X509Certificate2 Authority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=a private authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-2), now.AddDays(100));
    }

    private X509Certificate2 Signed(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var signed = request.Create(authority, now.AddDays(-1), now.AddDays(90), Guid.NewGuid().ToByteArray());
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable);
    }
}
