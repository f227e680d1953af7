using System.Text;
using LeadSync.Contracts;

namespace LeadSync.Projector.BulkPages;

/// <summary>Takes a CSV cell with several values apart.</summary>
internal static class SetCell
{
    /// <summary>The canonical form of a cell of a <see cref="FieldType.Set"/>.</summary>
    /// <remarks>
    /// Zoho does not document the separator: tags come with commas, multi-select picklists with either. A value can contain a comma itself, so what Zoho
    /// lists as the field's choices decides where it can.
    /// </remarks>
    public static byte[] Canonical(ReadOnlySpan<byte> cell, IReadOnlyList<string>? choices)
    {
        var text = Encoding.UTF8.GetString(cell);
        return Encoding.UTF8.GetBytes(FieldValue.Join(Members(text, choices ?? [])) ?? "");
    }

    private static IEnumerable<string> Members(string text, IReadOnlyList<string> choices)
    {
        var bySemicolon = text.Split(';', StringSplitOptions.TrimEntries);
        if (bySemicolon.Length > 1 || choices.Contains(text))
            return bySemicolon;

        return ByComma(text.Split(','), choices);
    }

    /// <summary>Joins neighbours that only together are a choice: the longest first.</summary>
    private static IEnumerable<string> ByComma(string[] parts, IReadOnlyList<string> choices)
    {
        for (var start = 0; start < parts.Length;)
        {
            var length = parts.Length - start;
            while (length > 1 && !choices.Contains(Joined(parts, start, length)))
                length--;

            yield return Joined(parts, start, length);
            start += length;
        }
    }

    private static string Joined(string[] parts, int start, int length) => string.Join(',', parts, start, length).Trim();
}
