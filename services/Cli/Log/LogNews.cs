using System.Text.Json;

namespace LeadSync.Cli.Log;

/// <summary>What is new in a log that somebody follows.</summary>
internal static class LogNews
{
    /// <param name="last">The last entry that was shown.</param>
    /// <param name="read">This entry and all newer ones, the oldest first.</param>
    /// <returns>Null when the log does not hold the entry: it is another log, of a database that was replaced or restored.</returns>
    public static IReadOnlyList<JsonElement>? After(JsonElement last, IReadOnlyList<JsonElement> read) =>
        read.Count > 0 && read[0].GetRawText() == last.GetRawText() ? [.. read.Skip(1)] : null;
}
