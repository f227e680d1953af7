namespace LeadSync.Contracts;

/// <summary>The canonical form of a <see cref="FieldType.Set"/>: the displayed names of its members, distinct, sorted (ordinal), joined
/// with <c>;</c>.</summary>
public static class SetValue
{
    private static readonly char[] Separators = [';', ','];

    /// <summary>Joins single members; null when there are none.</summary>
    public static string? Of(LeadField field, IEnumerable<string> members) => Join(members.SelectMany(member =>
        field.Choices is { Count: > 0 } ? [FieldValue.Shown(field, member.Trim()) ?? ""] : member.Split(Separators)));

    /// <summary>
    /// Splits a cell into its members. Zoho documents no separator: tags come with commas, multi-select picklists with commas or
    /// semicolons, and a choice can contain both. So where Zoho lists the choices, a cell counts only when there is exactly one way to
    /// compose it of choices.
    /// </summary>
    /// <param name="set">Null for none.</param>
    public static bool TryCell(LeadField field, string cell, out string? set)
    {
        set = null;
        if (field.Choices is not { Count: > 0 })
        {
            var members = cell.Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            set = Join(members);
            return field.Detail is not FieldDetail.Ids || members.All(member => member.All(char.IsAsciiDigit));
        }

        var ways = Ways(cell, 0, field).Select(Join).Distinct().Take(2).ToList();
        set = ways.FirstOrDefault();
        return ways.Count == 1;
    }

    private static string? Join(IEnumerable<string> members)
    {
        var sorted = new SortedSet<string>(
            members.Select(member => member.Trim()).Where(member => member.Length > 0), StringComparer.Ordinal);
        return sorted.Count == 0 ? null : string.Join(';', sorted);
    }

    /// <summary>Every way to read a cell from a position on as choices with separators between them.</summary>
    private static IEnumerable<IEnumerable<string>> Ways(string cell, int start, LeadField field)
    {
        if (start >= cell.Length)
        {
            yield return [];
            yield break;
        }

        for (var end = start; end <= cell.Length; end++)
        {
            end = cell.IndexOfAny(Separators, end) is >= 0 and var separator ? separator : cell.Length;
            var member = cell[start..end].Trim();
            if (!IsChoice(field, member, out var shown))
                continue;

            foreach (var rest in Ways(cell, end + 1, field))
                yield return rest.Prepend(shown);
        }
    }

    private static bool IsChoice(LeadField field, string member, out string shown)
    {
        shown = FieldValue.Shown(field, member) ?? "";
        return member.Length == 0 || member == "-None-" || (field.Choices!.Contains(member) && !field.IsAmbiguous(member));
    }
}
