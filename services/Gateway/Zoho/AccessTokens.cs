using Npgsql;

namespace LeadSync.Gateway.Zoho;

/// <summary>
/// The access token that all calls of all replicas share. Zoho: ten tokens per ten minutes for one refresh token, so one caller at a time
/// asks for it, in this process by a semaphore and among replicas by the locked row of <see cref="AccessTokenStore"/>.
/// </summary>
internal sealed class AccessTokens(TokenEndpoint endpoint, AccessTokenStore store, TimeProvider time) : IDisposable
{
    // Shorter than an attempt of a call, which may have to wait for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    // Wrong credentials stay wrong: asking again for every call would only earn a throttle.
    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim gate = new(1);
    private volatile AccessToken? current;
    private ZohoException? refusal;
    private DateTimeOffset refusedUntil;

    /// <summary>A token that works, as far as anyone knows.</summary>
    /// <param name="refused">The token that Zoho has just refused, which is not answered again; null when none was.</param>
    /// <param name="ct">Ends the waiting. A renewal under way goes on for the others.</param>
    /// <exception cref="ZohoException">There is no token to be had now.</exception>
    public async Task<AccessToken> Get(AccessToken? refused, CancellationToken ct)
    {
        var usable = Usable(refused);
        if (usable is not null && (time.GetUtcNow() < usable.StaleAt || !await gate.WaitAsync(0, CancellationToken.None)))
            return usable;
        if (usable is null)
            await gate.WaitAsync(ct);

        try
        {
            return IsFresh(current, refused) ? current! : current = await Renew(refused);
        }
        catch (ZohoException) when (Usable(refused) is not null)
        {
            return Usable(refused)!;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private AccessToken? Usable(AccessToken? refused) =>
        current is { } token && token.Value != refused?.Value && time.GetUtcNow() < token.ExpiresAt ? token : null;

    private bool IsFresh(AccessToken? token, AccessToken? refused) =>
        token is not null && token.Value != refused?.Value && time.GetUtcNow() < token.StaleAt;

    private async Task<AccessToken> Renew(AccessToken? refused)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        await using var shared = await Shared(patience.Token);
        if (IsFresh(shared?.Token, refused))
            return shared!.Token!;
        if (refusal is not null && time.GetUtcNow() < refusedUntil)
            throw refusal;
        if (shared?.PausedUntil > time.GetUtcNow())
            throw new ZohoException(ZohoErrorKind.Throttled, "ACCESS_DENIED", retryAfter: shared.PausedUntil - time.GetUtcNow());

        return await Ask(shared, patience.Token);
    }

    private async Task<AccessToken> Ask(SharedAccessToken? shared, CancellationToken ct)
    {
        try
        {
            var token = await endpoint.Refresh(ct);
            await Share(shared, token, pausedUntil: null);
            return token;
        }
        catch (ZohoException e) when (e.Kind is ZohoErrorKind.Throttled or ZohoErrorKind.Auth)
        {
            refusal = e;
            refusedUntil = time.GetUtcNow() + (e.RetryAfter ?? RefusalPause);
            if (e.Kind == ZohoErrorKind.Throttled)
                await Share(shared, token: null, refusedUntil);
            throw;
        }
    }

    // Without the database every replica asks for itself, which costs tokens and nothing else.
    private async Task<SharedAccessToken?> Shared(CancellationToken ct)
    {
        try
        {
            return await store.Open(ct);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task Share(SharedAccessToken? shared, AccessToken? token, DateTimeOffset? pausedUntil)
    {
        try
        {
            if (shared is not null)
                await shared.Save(token, pausedUntil);
        }
        catch (NpgsqlException)
        {
            // This process has its token; the others ask for theirs.
        }
    }
}
