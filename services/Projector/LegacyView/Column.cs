using LeadSync.Contracts;

namespace LeadSync.Projector.LegacyView;

/// <summary>A column of <c>legacy.leads</c>. Once it is there it keeps its name and type, whatever becomes of the field.</summary>
internal sealed record Column(string ApiName, FieldType Type)
{
    /// <summary>PostgreSQL cuts names at 63 bytes; Zoho's are shorter.</summary>
    public const int MaxNameLength = 63;

    public string Name { get; } = ApiName.ToLowerInvariant();

    public string SqlType => Type switch
    {
        FieldType.Numeric => "numeric",
        FieldType.Integer => "bigint",
        FieldType.Boolean => "boolean",
        FieldType.DateTime => "timestamptz",
        FieldType.Date => "date",
        _ => "text",
    };

    /// <summary>The name as an SQL identifier.</summary>
    public string Identifier => Quote(Name);

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>A field as Zoho describes it now, and the column that holds it.</summary>
internal sealed record SyncedField(LeadField Field, Column Column)
{
    /// <summary>A value's canonical text, if both the field and the column can hold it: Zoho may have changed the field's type since.</summary>
    public bool TryCanonical(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical) =>
        FieldValue.TryCanonical(Field.Type, value, scratch, out canonical) && TryColumn(scratch, ref canonical);

    /// <summary>As <see cref="TryCanonical"/>, of a cell of a bulk read, which has to say for certain what the value is.</summary>
    public bool TryRead(ReadOnlySpan<byte> cell, Span<byte> scratch, out ReadOnlySpan<byte> canonical) =>
        CellValue.TryRead(Field, cell, scratch, out canonical) && TryColumn(scratch, ref canonical);

    private bool TryColumn(Span<byte> scratch, ref ReadOnlySpan<byte> canonical) =>
        Field.Type == Column.Type || FieldValue.TryCanonical(Column.Type, canonical.ToArray(), scratch, out canonical);
}
