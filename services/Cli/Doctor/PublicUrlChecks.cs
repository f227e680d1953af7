using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LeadSync.Gateway;
using LeadSync.ServiceDefaults.Network;
using static LeadSync.Cli.Doctor.Diagnoses;

namespace LeadSync.Cli.Doctor;

/// <summary>Checks whether Zoho can call the gateway, as far as this machine can tell.</summary>
internal sealed class PublicUrlChecks(GatewayOptions gateway, Uri accountsUrl, Findings findings, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortLife = TimeSpan.FromDays(14);

    private readonly Uri notifyUrl = new(gateway.NotifyUrl);
    // The public authorities of Debian and Ubuntu, and of Red Hat. SSL_CERT_DIR may name private ones as well, which Zoho does not trust.
    private static readonly string[] PublicAuthorities = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

    private (SslPolicyErrors Errors, DateTimeOffset Ends, bool IsPrivate)? certificate;

    public async Task Run(bool isRunning, CancellationToken ct)
    {
        await Address(ct);
        if (!isRunning)
        {
            findings.Skip("nothing runs yet", PublicReach, Certificate, Webhook);
            return;
        }

        using var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false, ServerCertificateCustomValidationCallback = Look, Proxy = Outward.Proxy,
        };
        using var http = new HttpClient(handler) { Timeout = Patience };
        try
        {
            var notified = await Post(http, notifyUrl, ct);
            var calledBack = await Post(http, new Uri(gateway.BulkCallbackUrl), ct);
            findings.Ok(PublicReach, $"{notifyUrl.Authority} answers");
            JudgeWebhook(notified, calledBack);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            findings.Fail(PublicReach,
                $"{notifyUrl.Authority}: {(e is HttpRequestException ? e.GetBaseException().Message : "no answer in time")}");
        }

        JudgeCertificate();
        findings.Skip($"{PublicReach.Code} comes first", Certificate, Webhook);
    }

    private async Task Address(CancellationToken ct)
    {
        if (notifyUrl.Scheme == Uri.UriSchemeHttp && accountsUrl.Scheme == Uri.UriSchemeHttps)
            findings.Fail(PublicUrl, $"{notifyUrl.GetLeftPart(UriPartial.Authority)} is not https");
        else if (await IsPrivate(notifyUrl, ct) && !await IsPrivate(accountsUrl, ct))
            findings.Fail(PublicUrl, $"{notifyUrl.Host} is an address of this machine or of a private network, and Zoho is elsewhere");
        else
            findings.Ok(PublicUrl, notifyUrl.GetLeftPart(UriPartial.Authority));
    }

    private static async Task<bool> IsPrivate(Uri url, CancellationToken ct)
    {
        if (IPAddress.TryParse(url.DnsSafeHost, out var address))
            return IsPrivate(address);

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, ct);
            return addresses.Length > 0 && addresses.All(IsPrivate);
        }
        catch (SocketException)
        {
            // Another check covers the name.
            return false;
        }
    }

    private static bool IsPrivate(IPAddress address) =>
        IPAddress.IsLoopback(address)
        || address.IsIPv6LinkLocal
        || address.IsIPv6UniqueLocal
        || address.GetAddressBytes() is [10, ..] or [192, 168, ..] or [169, 254, ..] or [172, >= 16 and <= 31, ..]
            && address.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>Posts a body that is not a notification. The gateway refuses it in a known way, and does nothing.</summary>
    private static async Task<int> Post(HttpClient http, Uri url, CancellationToken ct)
    {
        using var nothing = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(url, nothing, ct);
        return (int)answer.StatusCode;
    }

    private void JudgeWebhook(int notified, int calledBack)
    {
        // The first body comes from no channel of ours; the second carries our secret, but names no job.
        if ((notified, calledBack) is (401, 400))
            findings.Ok(Webhook, "the gateway answers");
        else if ((notified, calledBack) is (401, 401))
            findings.Fail(Webhook,
                "the gateway does not know the secret in the address: the query was lost on the way, or it runs with other credentials");
        else if (notified == 503)
            findings.Fail(Webhook, "the gateway answers 503: it cannot reach its database or its broker");
        else
            findings.Fail(Webhook, $"{GatewayOptions.NotificationsPath} answers {notified}, which is not what a gateway says");
    }

    private bool Look(HttpRequestMessage request, X509Certificate2? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        var isPrivate = errors == SslPolicyErrors.None && shown is not null && !HasPublicAuthority(shown, chain);
        certificate = (errors, shown?.NotAfter.ToUniversalTime() ?? DateTimeOffset.MinValue, isPrivate);
        // Another check judges the certificate. This check looks at the server behind it, and sends the secret only to the address that
        // Zoho calls.
        return true;
    }

    /// <summary>Whether a public authority has signed the certificate; true where the machine has no list of them.</summary>
    private static bool HasPublicAuthority(X509Certificate2 shown, X509Chain? chain)
    {
        if (Array.Find(PublicAuthorities, File.Exists) is not { } authorities)
            return true;

        using var known = new X509Chain();
        known.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        known.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        known.ChainPolicy.CustomTrustStore.ImportFromPemFile(authorities);
        if (chain is not null)
            known.ChainPolicy.ExtraStore.AddRange(chain.ChainElements.Select(element => element.Certificate).ToArray());
        return known.Build(shown);
    }

    private void JudgeCertificate()
    {
        if (certificate is not { } seen)
        {
            if (notifyUrl.Scheme == Uri.UriSchemeHttp)
                findings.Skip("no https", Certificate);
        }
        else if (seen.Errors != SslPolicyErrors.None)
        {
            findings.Fail(Certificate, $"{notifyUrl.Host}: {seen.Errors}");
        }
        else if (seen.IsPrivate)
        {
            findings.Warn(Certificate, $"{notifyUrl.Host}: this machine trusts its authority, and Zoho trusts only public ones");
        }
        else if (seen.Ends - clock.GetUtcNow() < ShortLife)
        {
            findings.Warn(Certificate, $"{notifyUrl.Host}: it ends {seen.Ends:yyyy-MM-dd}");
        }
        else
        {
            findings.Ok(Certificate, $"trusted until {seen.Ends:yyyy-MM-dd}");
        }
    }
}
