using System.Text;

namespace LeadSync.Contracts;

/// <summary>
/// Reads a CSV cell of a bulk read. For most types, Zoho documents neither how it writes a value in CSV nor in JSON. A cell that can mean
/// two things is unknown. An unknown cell leaves the field as it is, and the gateway reads the lead by its id, as JSON.
/// </summary>
public static class CellValue
{
    /// <param name="canonical">The canonical text, UTF-8; empty for no value.</param>
    /// <returns>False when the cell can mean more than one value, or none of the field's type.</returns>
    public static bool TryRead(LeadField field, ReadOnlySpan<byte> cell, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        // Zoho does not document whether an export contains a rich text in full, with its markup, or at all.
        if (field.Detail is FieldDetail.RichText)
            return false;
        if (FieldValue.IsBlank(cell))
            return true;

        return field.Type switch
        {
            FieldType.Set => TrySet(field, cell, out canonical),
            FieldType.Reference => TryReference(cell, out canonical),
            FieldType.Numeric => !NumberValue.IsAmbiguous(cell) && NumberValue.TryNumeric(cell, scratch, out canonical),
            FieldType.Text => TryText(field, cell, scratch, out canonical),
            _ => FieldValue.TryCanonical(field.Type, cell, scratch, out canonical),
        };
    }

    private static bool TrySet(LeadField field, ReadOnlySpan<byte> cell, out ReadOnlySpan<byte> canonical)
    {
        var isCertain = SetValue.TryCell(field, Encoding.UTF8.GetString(cell), out var set);
        canonical = Encoding.UTF8.GetBytes(set ?? "");
        return isCertain;
    }

    // Zoho: a bare id. Manual exports write zcrm_ before it. Names are not unique.
    private static bool TryReference(ReadOnlySpan<byte> cell, out ReadOnlySpan<byte> canonical)
    {
        canonical = cell.Trim((byte)' ');
        if (canonical.StartsWith("zcrm_"u8))
            canonical = canonical[5..];
        return canonical.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    private static bool TryText(LeadField field, ReadOnlySpan<byte> cell, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        canonical = default;
        if (IsGuarded(cell) || !FieldValue.TryCanonical(FieldType.Text, cell, scratch, out canonical))
            return false;
        if (!field.IsPicklist)
            return true;
        if (FieldValue.IsNoChoice(canonical))
            canonical = default;
        if (field.Spellings is null)
            return true;

        var choice = Encoding.UTF8.GetString(canonical);
        canonical = Encoding.UTF8.GetBytes(FieldValue.Shown(field, choice) ?? "");
        return !field.IsAmbiguous(choice);
    }

    /// <summary>Whether a text may have been changed on its way into the file: a quote before what a spreadsheet would run, or HTML
    /// entities.</summary>
    private static bool IsGuarded(ReadOnlySpan<byte> cell)
    {
        if (cell is [(byte)'\'', (byte)'=' or (byte)'+' or (byte)'-' or (byte)'@', ..])
            return true;

        var at = cell.IndexOf((byte)'&');
        return at >= 0 && cell[at..] is var rest
            && (rest.IndexOf("&amp;"u8) >= 0 || rest.IndexOf("&lt;"u8) >= 0 || rest.IndexOf("&gt;"u8) >= 0 || rest.IndexOf("&quot;"u8) >= 0
                || rest.IndexOf("&#"u8) >= 0);
    }
}
