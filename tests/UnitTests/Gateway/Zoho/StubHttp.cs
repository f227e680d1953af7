using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LeadSync.Gateway.Credits;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Tokens;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace LeadSync.UnitTests.Gateway.Zoho;

/// <summary>A request as it was sent.</summary>
internal sealed record Sent(string Method, string Url, string? Authorization, string? IfModifiedSince, string Body, long? Length);

/// <summary>
/// Replaces the network. The token endpoint returns <c>token-1</c>, <c>token-2</c> and so on; the test scripts all other answers.
/// </summary>
internal sealed class StubHttp : IHttpClientFactory
{
    // This port refuses connections at once, so the gateway has to work without its database.
    private static readonly NpgsqlDataSource NoDatabase = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");

    private int tokens;
    private ZohoHttp? http;

    public FakeTimeProvider Time { get; } = new(FakeZoho.Start);

    public ZohoOptions Options { get; init; } = FakeZoho.Options;

    public CreditCount Credits { get; init; } = new(FakeZoho.Options);

    public List<Sent> Sent { get; } = [];

    /// <summary>Answers the calls to the API.</summary>
    public Func<Sent, (int Status, string Body)> Api { get; set; } = _ => (204, "");

    /// <summary>The Retry-After of every answer; with zero, the gateway retries at once.</summary>
    public RetryConditionHeaderValue? RetryAfter { get; set; } = new(TimeSpan.Zero);

    /// <summary>The clock of the pauses between calls.</summary>
    public TimeProvider LaneTime { get; init; } = TimeProvider.System;

    /// <summary>The <c>Date</c> of every answer; null for none.</summary>
    public DateTimeOffset? Date { get; set; }

    /// <summary>The exceptions with which the next calls to the API fail.</summary>
    public Func<Exception?> Failure { get; set; } = () => null;

    /// <summary>Answers the calls to the token endpoint; null returns the next token.</summary>
    public Func<(int Status, string Body)>? Accounts { get; set; }

    public IEnumerable<Sent> TokenCalls => Sent.Where(IsTokenCall);

    public IEnumerable<Sent> ApiCalls => Sent.Where(sent => !IsTokenCall(sent));

    public AccessTokens Tokens() =>
        new(new TokenEndpoint(this, Options, new ZohoClock(Time), Time), new AccessTokenStore(NoDatabase, Options), Time);

    /// <summary>What sends the calls to the API; this class unless the test says otherwise.</summary>
    public ZohoWire Wire
    {
        get => field ??= new(this, Options, new ZohoClock(Time), Time);
        init;
    }

    public ZohoHttp Http => http ??= new(
        Wire, Tokens(), Credits, new ZohoLanes(new CallPlaces(NoDatabase, Options, TimeProvider.System), LaneTime), Time);

    public WatchApi Watch => new(Http, Options);

    public RecordsApi Records => new(Http, Options);

    public BulkReadApi BulkReads => new(Http, Options, Time);

    public FieldsApi Fields => new(Http, Options);

    private static bool IsTokenCall(Sent sent) => sent.Url.EndsWith("/oauth/v2/token", StringComparison.Ordinal);

    public HttpClient CreateClient(string name) => new(new Handler(this));

    private async Task<HttpResponseMessage> Answer(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var length = request.Content?.Headers.ContentLength;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var since = request.Headers.TryGetValues("If-Modified-Since", out var values) ? values.Single() : null;
        var sent = new Sent(
            request.Method.Method, request.RequestUri!.AbsoluteUri, request.Headers.Authorization?.ToString(), since, body, length);
        await Task.Yield();
        lock (Sent)
        {
            Sent.Add(sent);
            if (!IsTokenCall(sent) && Failure() is { } failure)
                throw failure;
            var (status, text) = request.RequestUri.AbsolutePath == "/oauth/v2/token" ? Token() : Api(sent);
            return new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StringContent(text, Encoding.UTF8, text.StartsWith('<') ? "text/html" : "text/plain"),
                Headers = { RetryAfter = RetryAfter, Date = Date },
            };
        }
    }

    private (int Status, string Body) Token() =>
        Accounts?.Invoke()
            ?? (200, $$"""{"access_token":"token-{{++tokens}}","expires_in":3600,"api_domain":"https://api.test","token_type":"Bearer"}""");

    private sealed class Handler(StubHttp stub) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            stub.Answer(request, cancellationToken);
    }
}
