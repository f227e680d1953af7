using System.Text.Json;
using LeadSync.ZohoSimulator.Gate;
using Microsoft.AspNetCore.WebUtilities;

namespace LeadSync.ZohoSimulator.Records;

/// <summary>A list's page token: the end of the page before, and the query.</summary>
internal sealed record ListToken(long Key, long Id, int Page, string Binding, DateTimeOffset Expires)
{
    public string Write() => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(this));

    /// <param name="query">The query that the token continues.</param>
    public static ListToken Read(string token, ListQuery query, DateTimeOffset now)
    {
        var read = TryRead(token) ?? throw ZohoError.InvalidData(new { param_name = "page_token" });
        if (read.Binding != query.Binding)
            throw new ZohoError(
                400, "TOKEN_BOUND_DATA_MISMATCH", "the page token is of another request", new { param_name = "page_token" });
        if (read.Expires <= now)
            throw ZohoError.ExpiredPageToken();

        return read;
    }

    private static ListToken? TryRead(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<ListToken>(WebEncoders.Base64UrlDecode(token));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}
