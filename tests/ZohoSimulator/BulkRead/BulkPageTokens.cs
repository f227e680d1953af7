using System.Collections.Concurrent;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>The content of a page token.</summary>
internal sealed record BulkContinuation(BulkQuery Query, int Page, long AfterId, IReadOnlyList<Lead>? Picture, DateTimeOffset Issued);

/// <summary>The page tokens of v7 and v8. Zoho: a token is valid for 24 hours.</summary>
internal sealed class BulkPageTokens(Dials dials, VirtualClock clock, Chance chance)
{
    private readonly ConcurrentDictionary<string, BulkContinuation> tokens = new();

    public string Issue(BulkContinuation continuation)
    {
        foreach (var (old, _) in tokens.Where(pair => pair.Value.Issued < clock.GetUtcNow() - (dials.BulkPageTokenLife * 2)))
            tokens.TryRemove(old, out _);

        var token = $"{chance.Bits():x16}{chance.Bits():x16}";
        tokens[token] = continuation;
        return token;
    }

    public BulkContinuation Read(string token)
    {
        if (dials.BulkTokenRefusal.Length > 0)
            throw BulkError.Refused(dials.BulkTokenRefusal);
        if (!tokens.TryGetValue(token, out var continuation))
            throw ZohoError.InvalidData(new { api_name = "page_token", json_path = "$.query.page_token" });

        return continuation.Issued + dials.BulkPageTokenLife > clock.GetUtcNow()
            ? continuation
            : throw ZohoError.ExpiredPageToken();
    }
}
