using System.Text.Json;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Tokens;

namespace LeadSync.Cli.Zoho;

/// <summary>Makes single calls to Zoho's API without retries, because the doctor needs the first answer.</summary>
internal sealed class ZohoProbe(ZohoWire wire, ZohoOptions options, AccessToken token, TimeProvider clock) : IZohoCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public Uri ApiHost => wire.Host(token);

    /// <summary>The org's remaining credits. Zoho states them only when half of them are used.</summary>
    public long? CreditsLeft { get; private set; }

    /// <summary>Makes a call that only the doctor makes.</summary>
    /// <param name="path">The path below <c>/crm/{version}/</c>.</param>
    /// <exception cref="ZohoException">Zoho said no, or nothing.</exception>
    public Task<JsonElement?> Get(string path, CancellationToken ct) =>
        Ask(new ZohoCall("probe", HttpMethod.Get, $"/crm/{options.ApiVersion}/{path}", Lane.Live), body => body, ct);

    /// <inheritdoc/>
    public async Task<T> Ask<T>(ZohoCall call, Func<JsonElement?, T> read, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            using var response = await wire.Send(call, token, either.Token);
            CreditsLeft = ZohoWire.CreditsLeft(response) ?? CreditsLeft;
            return read(await ZohoWire.Json(response, clock.GetUtcNow(), either.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "TIMEOUT");
        }
    }
}
