using System.Text.Json;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.BulkReads;

/// <summary>Finds the job in the body of a callback. It is taken as a hint and for nothing else.</summary>
internal static class BulkCallback
{
    private const int LongestId = 32;

    /// <returns>Null when there is none.</returns>
    public static string? JobId(ReadOnlySpan<byte> body) =>
        ZohoJson.Parse(body) is { } json
            ? Candidates(json).FirstOrDefault(id => id is { Length: > 0 and <= LongestId } && id.All(char.IsAsciiDigit))
            : null;

    // Zoho: the body is that of the status. Where else an id may stand is a guess.
    private static IEnumerable<string?> Candidates(JsonElement json) =>
        json.Items("data").Append(json).SelectMany(element => new[]
        {
            element.Text("id"), element.Text("job_id"), element.Get("details")?.Text("id"), element.Get("query")?.Text("job_id"),
        });
}
