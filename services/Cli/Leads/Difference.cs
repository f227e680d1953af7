namespace LeadSync.Cli.Leads;

/// <summary>What is different between two contents of a lead, in words.</summary>
internal static class Difference
{
    private const int MostNamed = 4;
    private const int LongestValue = 40;

    public static string Of(IReadOnlyDictionary<string, string?> before, IReadOnlyDictionary<string, string?> after)
    {
        if (before.Count == 0)
            return $"first seen, {after.Count} fields";

        var changed = before.Keys.Union(after.Keys)
            .Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name))
            .Order(StringComparer.Ordinal)
            .ToList();
        var named = changed.Take(MostNamed).Select(name => $"{name}: {Shown(before.GetValueOrDefault(name))} → {Shown(after.GetValueOrDefault(name))}");
        return changed.Count == 0
            ? "seen again"
            : string.Join('\n', named) + (changed.Count > MostNamed ? $"\nand {changed.Count - MostNamed} more" : "");
    }

    private static string Shown(string? value) => value switch
    {
        null or "" => "nothing",
        { Length: > LongestValue } => value[..LongestValue].ReplaceLineEndings(" ") + "…",
        _ => value.ReplaceLineEndings(" "),
    };
}
