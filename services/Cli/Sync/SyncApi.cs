using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using LeadSync.Cli.CommandLine;

namespace LeadSync.Cli.Sync;

/// <summary>The scheduler's HTTP interface. Whatever goes wrong ends the command with a sentence and an exit code.</summary>
internal sealed class SyncApi(Uri address, string? token) : IDisposable
{
    // A lead with a long history is much to read; anything slower is no answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient http = new() { Timeout = Patience, BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + '/') };

    public Uri Address => http.BaseAddress!;

    /// <returns>Null when the service has nothing of that name.</returns>
    public async Task<JsonElement?> Get(string path, CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Get, path, ct);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;

        await RequireSuccess(answer, ct);
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsByteArrayAsync(ct));
        }
        catch (JsonException)
        {
            throw Unreachable("answers with something other than JSON");
        }
    }

    /// <summary>Gives an order.</summary>
    /// <returns>What the service says about it, if anything.</returns>
    public async Task<string> Post(string path, CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Post, path, ct);
        await RequireSuccess(answer, ct);
        return (await answer.Content.ReadAsStringAsync(ct)).Trim();
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            return await http.SendAsync(request, ct);
        }
        // A connection that is reset as soon as it is accepted, as of a server that just ends, is a bare SocketException.
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            throw Unreachable($"does not answer ({(e as HttpRequestException)?.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "no host has that name",
                HttpRequestError.SecureConnectionError => "its certificate is not trusted",
                _ => "no connection",
            }})");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Unreachable($"did not answer within {Patience.TotalSeconds} s");
        }
    }

    private async Task RequireSuccess(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.IsSuccessStatusCode)
            return;

        var said = (await answer.Content.ReadAsStringAsync(ct)).Trim();
        throw answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new CommandException(
                ExitCode.Refused,
                $"The scheduler at {Address} {(token is null ? "takes no orders without its action token" : "refuses this action token")}: "
                + $"give its Console__ActionToken with {SharedOptions.TokenVariable} or --token-file."),
            HttpStatusCode.Forbidden => new CommandException(
                ExitCode.Refused, $"The scheduler at {Address} refuses: {(IsSentence(said) ? said : "something in front of it lets nobody through.")}"),
            HttpStatusCode.NotFound when !IsSentence(said) => NoScheduler(),
            HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed => new CommandException(
                ExitCode.No, IsSentence(said) ? said : $"The scheduler at {Address} does not know that: {(int)answer.StatusCode}. Is it of the same version?"),
            _ => Unreachable($"answers {(int)answer.StatusCode}{(IsSentence(said) ? $": {said}" : "")}"),
        };
    }

    /// <summary>Something else answers there.</summary>
    public CommandException NoScheduler() => new(ExitCode.Unreachable, $"At {Address} is no scheduler: give its address with --url.");

    private static bool IsSentence(string said) => said is { Length: > 0 and < 300 } && said[0] is not ('<' or '{');

    private CommandException Unreachable(string what) => new(
        ExitCode.Unreachable, $"The scheduler at {Address} {what}: start it, or say where it is with --url.");
}
