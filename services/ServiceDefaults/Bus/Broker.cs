using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Web;
using RabbitMQ.Client;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>
/// The broker of <c>ConnectionStrings__RabbitMq</c>: <c>amqp://</c>, or <c>amqps://</c> on any port. The query parameters have the names
/// that RabbitMQ's own clients use: <c>cacertfile</c> names an authority to trust besides those of the machine, <c>certfile</c> and
/// <c>keyfile</c> name the client's certificate. All are PEM files.
/// </summary>
public sealed class Broker
{
    private const string Key = "ConnectionStrings__RabbitMq";
    private const string Example = "amqp://user:password@localhost:5672/";

    private readonly X509Certificate2Collection authorities = [];

    internal Broker(Uri address)
    {
        Address = new UriBuilder(address) { Query = "" }.Uri;
        var parameters = HttpUtility.ParseQueryString(address.Query);
        if (parameters.AllKeys.FirstOrDefault(name => name is not ("cacertfile" or "certfile" or "keyfile")) is { } unknown)
        {
            throw new SettingsException(
                $"{Key} has the parameter {unknown}, which LeadSync does not know: leave it out, for example {Key}={Example}");
        }

        try
        {
            if (parameters["cacertfile"] is { } authority)
                authorities.ImportFromPemFile(authority);
            if (parameters["certfile"] is { } certificate)
                Certificate = X509Certificate2.CreateFromPemFile(certificate, parameters["keyfile"]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException($"{Key} names a certificate or key that cannot be read: check the path and that it is PEM, "
                + $"for example {Key}=amqps://user:password@rabbitmq/?cacertfile=/etc/leadsync/ca/ca.crt");
        }
    }

    /// <summary>The address without its query parameters.</summary>
    public Uri Address { get; }

    public bool IsEncrypted => Address.Scheme == "amqps";

    /// <summary>The client's certificate; null for none.</summary>
    public X509Certificate2? Certificate { get; }

    public static Broker From(Settings settings) =>
        Uri.TryCreate(settings.Required(Key, Example), UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? new(address)
            : throw new SettingsException($"{Key} is not an amqp address: write one, for example {Key}={Example}");

    /// <summary>Opens connections that are independent of the bus.</summary>
    public ConnectionFactory Factory()
    {
        var factory = new ConnectionFactory { Uri = Address };
        if (IsEncrypted)
        {
            factory.Ssl = new SslOption(Address.Host, enabled: true)
            {
                CertificateValidationCallback = (_, shown, chain, errors) => IsTrusted(shown, chain, errors),
                Certs = Certificate is null ? [] : [Certificate],
            };
        }

        return factory;
    }

    /// <summary>Whether an authority of the machine, or one of <c>cacertfile</c>, has signed the broker's certificate.</summary>
    public bool IsTrusted(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || authorities.Count == 0 || shown is not X509Certificate2 certificate)
            return false;

        using var ours = new X509Chain();
        ours.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        ours.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        ours.ChainPolicy.CustomTrustStore.AddRange(authorities);
        if (chain is not null)
            ours.ChainPolicy.ExtraStore.AddRange(chain.ChainElements.Select(element => element.Certificate).ToArray());
        return ours.Build(certificate);
    }
}
