using System.Net;
using System.Net.Sockets;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Network;
using static LeadSync.Cli.Doctor.Diagnoses;

namespace LeadSync.Cli.Doctor;

/// <summary>Checks whether the services reach each other.</summary>
internal sealed class ServiceChecks(Settings settings, Uri scheduler, Findings findings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task Run(bool isRunning, CancellationToken ct)
    {
        if (!isRunning)
        {
            findings.Skip("nothing runs yet", InternalUrl, Ready);
            return;
        }

        using var http = new HttpClient(Outward.Inside()) { Timeout = Patience };
        var gateway = settings.Optional("Gateway__InternalUrl") is { } text && Uri.TryCreate(text, UriKind.Absolute, out var url) ? url
            : null;
        if (gateway is null)
            findings.Skip("Gateway__InternalUrl is not set here: the doctor needs the projector's settings", InternalUrl);
        else
            await LookAtGateway(http, gateway, ct);
        await LookAtReadiness(http, gateway, ct);
    }

    /// <summary>Whether the public address refuses the paths that only the projector calls.</summary>
    public static void JudgeListeners(Uri publicUrl, bool areSeparate, Findings findings)
    {
        if (areSeparate)
            findings.Ok(Listeners, "what only the projector asks for is served elsewhere");
        else
            findings.Warn(Listeners, $"the gateway serves everything at the port that Zoho reaches as {publicUrl.Host}");
    }

    /// <summary>What the gateway's answer to the projector's question for the fields says about the address. While Zoho refuses or is
    /// away, the gateway answers 5xx: it is reached.</summary>
    public static void JudgeGateway(Uri gateway, HttpStatusCode status, Findings findings)
    {
        switch (status)
        {
            case HttpStatusCode.NotFound:
                findings.Fail(InternalUrl, $"{gateway.Authority} answers, but it is no gateway, or serves the projector elsewhere");
                break;
            case HttpStatusCode.MisdirectedRequest:
                findings.Fail(InternalUrl,
                    $"the gateway does not serve the name {gateway.Host}: add the name to the gateway's Access__Hosts, or use its address");
                break;
            case >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError:
                findings.Fail(InternalUrl,
                    $"{gateway.Authority} answers {(int)status}: something in front of the gateway refuses the projector");
                break;
            default:
                findings.Ok(InternalUrl, $"{gateway.Authority} answers");
                break;
        }
    }

    private async Task LookAtGateway(HttpClient http, Uri gateway, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(gateway, "/fields"), HttpCompletionOption.ResponseHeadersRead, ct);
            JudgeGateway(gateway, answer.StatusCode, findings);
        }
        catch (Exception e) when (IsSilence(e, ct))
        {
            findings.Fail(InternalUrl, $"{gateway.Authority}: {e.GetBaseException().Message}");
        }
    }

    private async Task LookAtReadiness(HttpClient http, Uri? gateway, CancellationToken ct)
    {
        var (ready, troubles) = (new List<string>(), new List<string>());
        foreach (var (name, address) in new[] { ("gateway", gateway), ("scheduler", scheduler) })
        {
            if (address is null || (address == gateway && findings.IsWrong(InternalUrl)))
                continue;

            try
            {
                using var answer = await http.GetAsync(new Uri(address, "/health/ready"), ct);
                if (answer.IsSuccessStatusCode)
                    ready.Add(name);
                else
                    troubles.Add(
                        $"the {name} answers {(int)answer.StatusCode}: "
                        + (await answer.Content.ReadAsStringAsync(ct)).ReplaceLineEndings("; "));
            }
            catch (Exception e) when (IsSilence(e, ct))
            {
                troubles.Add($"the {name} at {address.Authority} does not answer");
            }
        }

        if (troubles.Count > 0)
            findings.Fail(Ready, string.Join(". ", troubles));
        else
            findings.Ok(Ready, $"{string.Join(" and ", ready)} answer, and no replica says otherwise");
    }

    private static bool IsSilence(Exception e, CancellationToken ct) =>
        e is HttpRequestException or SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested);
}
