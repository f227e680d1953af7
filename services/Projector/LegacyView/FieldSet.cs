using System.Text;
using LeadSync.Contracts;

namespace LeadSync.Projector.LegacyView;

/// <summary>
/// The fields of one request to Zoho. They say how to read the answer, be it a page or a live change.
/// </summary>
/// <param name="Position">The order in which field sets were learned.</param>
/// <param name="Fields">By their names in events (ordinal).</param>
internal sealed record FieldSet(int Position, IReadOnlyList<SyncedField> Fields);

/// <summary>Why a field of a lead is shown as null although Zoho has a value.</summary>
/// <param name="Reason">One sentence without lead data.</param>
internal sealed record Misfit(string Field, string Reason);

/// <summary>A field as Zoho describes it in a field set, and the latest of its columns.</summary>
internal sealed record SyncedField(LeadField Field, Column Column)
{
    private readonly Misfit noValue = new(Column.ApiName, $"{Column.ApiName} does not hold a value of type {Field.Type}.");
    private readonly Misfit noFit = new(
        Column.ApiName,
        $"The column {Column.Name} holds {Column.Type}, and {Column.ApiName} is {Field.Type} in Zoho by now: "
            + $"leadsync retype {Column.ApiName}");

    /// <summary>Whether the column can hold whatever the field holds.</summary>
    public bool IsPlain { get; } = Field.Type.SqlType() == Column.SqlType;

    /// <summary>Its name in events.</summary>
    public string Name => Column.ApiName;

    /// <summary>
    /// Brings a value into the form that events keep and that is hashed; a cell of a page comes in that form from <see cref="CellValue"/>.
    /// </summary>
    /// <param name="canonical">Empty without a value, and for a value that is not of the field's type.</param>
    /// <returns>Why the view cannot show the value; null when it can.</returns>
    public Misfit? Read(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        if (FieldValue.TryCanonical(Field.Type, value, scratch, out canonical))
            return Misfit(canonical);

        canonical = default;
        return noValue;
    }

    /// <summary>Why the column cannot show a value; null when it can.</summary>
    public Misfit? Misfit(ReadOnlySpan<byte> canonical) =>
        IsPlain || canonical.IsEmpty || FieldValue.TryCanonical(Column.Type, Encoding.UTF8.GetString(canonical), out _) ? null : noFit;
}
