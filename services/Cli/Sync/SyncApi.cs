using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.ServiceDefaults.Network;

namespace LeadSync.Cli.Sync;

/// <summary>The scheduler's HTTP interface. Every failure ends the command with a sentence and an exit code.</summary>
internal sealed class SyncApi(Uri address, string? token) : IDisposable
{
    // Enough for a lead with a long history. A slower answer counts as none.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient http = new(Outward.Inside())
    {
        Timeout = Patience,
        BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + '/'),
    };

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
            throw Unreachable("answers with something other than JSON: is this the scheduler? Give its address with --url.");
        }
    }

    /// <summary>Starts an action.</summary>
    /// <returns>The id by which to wait for the action, and why the action does not start at once; both may be null.</returns>
    public async Task<ActionAnswer> Post(string path, CancellationToken ct) => await PostFor<ActionAnswer>(path, ct) ?? new(null, null);

    /// <summary>Starts an action with an answer.</summary>
    /// <returns>Null when there is no answer.</returns>
    public async Task<T?> PostFor<T>(string path, CancellationToken ct)
        where T : class
    {
        using var answer = await Send(HttpMethod.Post, path, ct);
        await RequireSuccess(answer, ct);
        var said = await answer.Content.ReadAsByteArrayAsync(ct);
        try
        {
            return said.Length == 0 ? null : JsonSerializer.Deserialize<T>(said, Answers.Json);
        }
        catch (JsonException)
        {
            throw Unreachable("answers with something that this command does not understand: are both of the same version?");
        }
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
        // .NET throws a bare SocketException when a server that ends resets a connection just after accepting it.
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            throw NotThere($"does not answer ({(e as HttpRequestException)?.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "no host has that name",
                HttpRequestError.SecureConnectionError => "its certificate is not trusted",
                _ => "no connection",
            }})");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw NotThere($"did not answer within {Patience.TotalSeconds} s");
        }
    }

    private async Task RequireSuccess(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.IsSuccessStatusCode)
            return;

        var said = Answers.Visible((await answer.Content.ReadAsStringAsync(ct)).Trim());
        throw answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new CommandException(
                ExitCode.Refused,
                $"The scheduler at {Address} {WithoutToken(answer.RequestMessage?.Method)}: give its Access__ActionToken "
                + $"(for reading Access__ReadToken will do) with {SharedOptions.TokenVariable} or --token-file."),
            HttpStatusCode.TooManyRequests => new CommandException(ExitCode.Refused, $"The scheduler at {Address} refuses: {said}"),
            HttpStatusCode.MisdirectedRequest => new CommandException(ExitCode.Refused, $"The scheduler at {Address} refuses: {said}"),
            HttpStatusCode.ServiceUnavailable when Trouble(said) is { } trouble =>
                new CommandException(ExitCode.Unreachable, trouble) { IsBlind = true },
            HttpStatusCode.ServiceUnavailable when IsSentence(said) =>
                new CommandException(ExitCode.Unreachable, $"The scheduler at {Address} cannot do this now. {said}") { IsBlind = true },
            HttpStatusCode.Forbidden => new CommandException(
                ExitCode.Refused, $"The scheduler at {Address} refuses: "
                    + (IsSentence(said) ? said : "a proxy in front of the scheduler refuses every request.")),
            HttpStatusCode.NotFound when !IsSentence(said) => NoScheduler(),
            HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed =>
                new CommandException(ExitCode.No, IsSentence(said)
                    ? said : $"The scheduler at {Address} does not know the path: {(int)answer.StatusCode}. Is it of the same version?"),
            _ => Unreachable($"answers {(int)answer.StatusCode}{(IsSentence(said) ? $": {said}" : ". Its log says why.")}"),
        };
    }

    private string WithoutToken(HttpMethod? method) => token is not null ? "refuses this token"
        : method == HttpMethod.Get ? "shows this to nobody without a token"
        : "starts no action without its action token";

    /// <summary>Another program answers at this address.</summary>
    public CommandException NoScheduler() => new(ExitCode.Unreachable, $"There is no scheduler at {Address}: give its address with --url.");

    private static bool IsSentence(string said) => said is { Length: > 0 and < 300 } && said[0] is not ('<' or '{');

    // The scheduler cannot read its database, and its answer says so.
    private static string? Trouble(string said)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(said) is { ValueKind: JsonValueKind.Object } answer
                && answer.TryGetProperty("sentence", out var sentence)
                ? sentence.GetProperty("text").GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private CommandException NotThere(string what) => new(
        ExitCode.Unreachable, $"The scheduler at {Address} {what}: start it, or say where it is with --url.");

    private CommandException Unreachable(string what) => new(ExitCode.Unreachable, $"The scheduler at {Address} {what}");
}

/// <param name="Id">The id by which to wait for the action; null for an action without an end.</param>
/// <param name="Note">Why the action does not start at once; null when it does.</param>
internal sealed record ActionAnswer(Guid? Id, string? Note);
