using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using static LeadSync.Cli.Doctor.Diagnoses;

namespace LeadSync.Cli.Doctor;

/// <summary>The keys that the services read. A similar key that no service reads is misspelt, and has no effect.</summary>
internal static partial class KnownKeys
{
    private static readonly string[] Sections =
        ["Zoho", "Gateway", "Projector", "Scheduler", "Console", "Access", "Alerts", "Feed", "Privacy", "Database", "Shutdown", "Bus"];

    /// <summary>Without <c>…File</c>. The number stands for any number.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. from section in ConfigurationKeys.Sections
           from key in section.Keys
           from name in key.Names
           where Sections.Contains(name.Split("__")[0])
           select name,
        // The older name of Access__ActionToken.
        "Console__ActionToken",
    ];

    public static void Judge(IConfiguration configuration, Findings findings)
    {
        var unknown = configuration.AsEnumerable()
            .Where(setting => setting.Value is not null)
            .Select(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal))
            .Where(key => Sections.Contains(key.Split("__")[0], StringComparer.OrdinalIgnoreCase) && !IsKnown(key))
            .Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            findings.Warn(UnknownKeys, string.Join(" ",
                unknown.Select(key => $"No service reads {key}.{(Nearest(key) is { } nearest ? $" Did you mean {nearest}?" : "")}")));
        else
            findings.Ok(UnknownKeys, "all are known");
    }

    private static bool IsKnown(string key)
    {
        var plain = AnyNumber().Replace(key, "__0__");
        return All.Contains(plain, StringComparer.OrdinalIgnoreCase)
            || (plain.EndsWith("File", StringComparison.OrdinalIgnoreCase)
                && All.Contains(plain[..^"File".Length], StringComparer.OrdinalIgnoreCase));
    }

    private static string? Nearest(string key) => All.Select(known => (known, Distance(known, key)))
        .MinBy(pair => pair.Item2) is (var best, <= 4) ? best : null;

    // Levenshtein distance: the number of letters to change, remove or insert.
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (var j = 1; j <= other.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal
                    + (char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]) ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }

    [GeneratedRegex("__[0-9]+__")]
    private static partial Regex AnyNumber();
}
