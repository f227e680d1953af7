using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Zoho.Tokens;

/// <summary>
/// The access token that all calls of all replicas share. Zoho grants ten tokens in ten minutes for one refresh token. So one caller at a
/// time asks for a token: in this process by a semaphore, among replicas by the locked row of <see cref="AccessTokenStore"/>.
/// </summary>
internal sealed class AccessTokens(TokenEndpoint endpoint, AccessTokenStore store, TimeProvider clock) : IDisposable
{
    // An attempt at a call may have to wait for both, so both together are shorter than an attempt.
    private static readonly TimeSpan RowPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EndpointPatience = TimeSpan.FromSeconds(5);

    // Wrong credentials stay wrong: asking again for every call would only cause throttling.
    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(10);

    // When Zoho refuses a new token as well, for instance because its user was deactivated, Zoho would refuse the next one too.
    private static readonly TimeSpan NewTokenPause = TimeSpan.FromMinutes(5);

    // While the token works, a failed renewal can wait.
    private static readonly TimeSpan StalePause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim gate = new(1);
    private volatile AccessToken? current;
    private Refusal? endpointRefusal;
    private Refusal? newTokenRefusal;
    private DateTimeOffset nextRenewalAt;

    /// <summary>A token that works, as far as anybody knows. It is renewed in the background, some minutes before it expires.</summary>
    /// <param name="refused">A token that Zoho has just refused, which is not returned again; null when there is none.</param>
    /// <param name="ct">Ends the waiting. A renewal under way continues for the others.</param>
    /// <exception cref="ZohoException">Zoho gives no token now.</exception>
    public async Task<AccessToken> Get(AccessToken? refused, CancellationToken ct)
    {
        if (Usable(refused) is { } token)
        {
            if (IsStale(token) && clock.GetUtcNow() >= nextRenewalAt && await gate.WaitAsync(0, CancellationToken.None))
                _ = RenewInBackground(token);
            return token;
        }

        await gate.WaitAsync(ct);
        try
        {
            return Usable(refused) ?? (current = await Renew(refused));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Notes that Zoho has refused a new token. For a while, a refusal makes no replica ask for another token: calls use the
    /// present one.</summary>
    public async Task RefusedAlthoughNew(ZohoException refusal)
    {
        newTokenRefusal = new Refusal(refusal, clock.GetUtcNow() + NewTokenPause);
        await EvenWithoutDatabase(ct => store.Refuse(newTokenRefusal.Until, ct));
    }

    public void Dispose() => gate.Dispose();

    private AccessToken? Usable(AccessToken? refused) =>
        current is { } token && token.Value != refused?.Value && clock.GetUtcNow() < token.ExpiresAt ? token : null;

    private bool IsStale(AccessToken token) => clock.GetUtcNow() >= token.StaleAt;

    private async Task RenewInBackground(AccessToken stale)
    {
        try
        {
            nextRenewalAt = clock.GetUtcNow() + StalePause;
            current = await Renew(stale);
        }
        catch (ZohoException)
        {
            // The old token works until it expires.
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<AccessToken> Renew(AccessToken? replaced)
    {
        var shared = await OpenShared();
        try
        {
            return await Renew(replaced, shared);
        }
        finally
        {
            if (shared is not null)
                _ = Close(shared);
        }
    }

    private async Task<AccessToken> Renew(AccessToken? replaced, SharedAccessToken? shared)
    {
        if (shared?.Token is { } token && token.Value != replaced?.Value && !IsStale(token))
            return token;
        if (shared?.PausedUntil > clock.GetUtcNow())
            throw new ZohoException(ZohoErrorKind.Throttled, "ACCESS_DENIED", retryAfter: shared.PausedUntil - clock.GetUtcNow());
        // Zoho refused this token before its time. A token near its end is renewed in any case.
        if (replaced is not null && clock.GetUtcNow() < replaced.ExpiresAt && !IsStale(replaced))
        {
            ThrowWhileRefused(newTokenRefusal);
            ThrowWhileRefused(Refusal.Of(shared?.RefusedUntil));
        }

        ThrowWhileRefused(endpointRefusal);

        return await Ask(shared);
    }

    private async Task<AccessToken> Ask(SharedAccessToken? shared)
    {
        using var patience = new CancellationTokenSource(EndpointPatience, clock);
        try
        {
            var token = await endpoint.Refresh(patience.Token);
            // Zoho has sent a token without its api_domain. The earlier token was for the same host.
            token = token with { ApiDomain = token.ApiDomain ?? shared?.Token?.ApiDomain ?? current?.ApiDomain };
            await EvenWithoutDatabase(ct => shared?.Save(token, pausedUntil: null, ct) ?? Task.CompletedTask);
            return token;
        }
        catch (ZohoException e) when (e.Kind is ZohoErrorKind.Throttled or ZohoErrorKind.Auth)
        {
            endpointRefusal = new Refusal(e, clock.GetUtcNow() + (e.RetryAfter ?? RefusalPause));
            if (e.Kind == ZohoErrorKind.Throttled)
                await EvenWithoutDatabase(ct => shared?.Save(token: null, endpointRefusal.Until, ct) ?? Task.CompletedTask);
            throw;
        }
    }

    private void ThrowWhileRefused(Refusal? refusal)
    {
        if (refusal is not null && clock.GetUtcNow() < refusal.Until)
            throw refusal.Exception;
    }

    // Without the database, or while another replica keeps the row, every replica asks for a token of its own. That costs tokens and
    // nothing else.
    private async Task<SharedAccessToken?> OpenShared()
    {
        using var patience = new CancellationTokenSource(RowPatience, clock);
        var opened = new TaskCompletionSource<SharedAccessToken?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var over = patience.Token.Register(() => opened.TrySetResult(null));
        _ = Open(opened, patience.Token);
        return await opened.Task;
    }

    // A database that does not answer keeps a connection for as long as its timeouts say, although the caller cancels. No call waits for
    // that.
    private async Task Open(TaskCompletionSource<SharedAccessToken?> opened, CancellationToken ct)
    {
        SharedAccessToken? shared = null;
        try
        {
            shared = await store.Open(ct);
        }
        catch (Exception e) when (e is OperationCanceledException || Retries.IsOfDatabase(e))
        {
            // This process continues without sharing; the others ask for their own tokens.
        }
        catch (Exception e)
        {
            opened.TrySetException(e);
        }
        finally
        {
            if (!opened.TrySetResult(shared) && shared is not null)
                await Close(shared);
        }
    }

    private static async Task Close(SharedAccessToken shared)
    {
        try
        {
            await shared.DisposeAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException || Retries.IsOfDatabase(e))
        {
            // The lock on the row has ended with the connection.
        }
    }

    private async Task EvenWithoutDatabase(Func<CancellationToken, Task> act)
    {
        using var patience = new CancellationTokenSource(RowPatience, clock);
        try
        {
            await act(patience.Token).WaitAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException || Retries.IsOfDatabase(e))
        {
            // This process continues without sharing; the others ask for their own tokens.
        }
    }

    /// <summary>A refusal of Zoho, and the time until which the gateway does not ask again.</summary>
    private sealed record Refusal(ZohoException Exception, DateTimeOffset Until)
    {
        /// <summary>The refusal that another replica has recorded.</summary>
        public static Refusal? Of(DateTimeOffset? until) =>
            until is { } at ? new(new ZohoException(ZohoErrorKind.Auth, "NEW_TOKEN_REFUSED", 401), at) : null;
    }
}
