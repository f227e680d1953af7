namespace LeadSync.Cli.Leads;

/// <summary>Describes in few words what an event changed.</summary>
internal static class ChangesInWords
{
    private const int MostNamed = 4;
    private const int LongestValue = 40;

    public static string Of(LeadStep step)
    {
        if (step.Effect == "added")
            return $"{step.Changes.Count} fields";

        var named = step.Changes.Take(MostNamed).Select(change => $"{change.Field}: {Shown(change.From)} → {Shown(change.To)}");
        return string.Join('\n', named) + (step.Changes.Count > MostNamed ? $"\nand {step.Changes.Count - MostNamed} more" : "");
    }

    private static string Shown(string? value) => value switch
    {
        null or "" => "nothing",
        { Length: > LongestValue } => value[..LongestValue].ReplaceLineEndings(" ") + "…",
        _ => value.ReplaceLineEndings(" "),
    };
}
