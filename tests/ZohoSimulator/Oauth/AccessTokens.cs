using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Oauth;

/// <summary>The valid access tokens. Zoho: at most 30 for each refresh token; the 31st displaces the oldest.</summary>
internal sealed class AccessTokens(Dials dials, VirtualClock clock, Chance chance)
{
    private const int MostAlive = 30;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly List<(string Token, DateTimeOffset Expires)> alive = [];
    private readonly Queue<DateTimeOffset> issued = new();

    /// <summary>The refresh token gives no more access tokens.</summary>
    public bool IsRevoked { get; set; }

    /// <returns>Null after too many requests.</returns>
    public string? Issue()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            while (issued.TryPeek(out var first) && first <= now - Window)
                issued.Dequeue();
            if (dials.TokensPerTenMinutes > 0 && issued.Count >= dials.TokensPerTenMinutes)
                return null;

            issued.Enqueue(now);
            var token = $"1000.{chance.Bits():x16}{chance.Bits():x16}.{chance.Bits():x16}{chance.Bits():x16}";
            alive.Add((token, now + dials.TokenLife));
            if (alive.Count > MostAlive)
                alive.RemoveAt(0);
            return token;
        }
    }

    public void RevokeAll()
    {
        lock (gate)
            alive.Clear();
    }

    /// <param name="authorization"><c>Zoho-oauthtoken …</c>, or <c>Bearer …</c>, which works without being documented.</param>
    public void Require(string? authorization)
    {
        var token = authorization?.Split(' ', 2) is ["Zoho-oauthtoken" or "Bearer", var value] ? value.Trim() : null;
        lock (gate)
        {
            if (alive.Any(one => one.Token == token && one.Expires > clock.GetUtcNow()))
                return;
        }

        throw dials.InvalidTokenCode == "INVALID_TOKEN"
            ? new ZohoError(401, "INVALID_TOKEN", "invalid oauth token")
            : new ZohoError(401, dials.InvalidTokenCode, "Authentication failed");
    }
}
