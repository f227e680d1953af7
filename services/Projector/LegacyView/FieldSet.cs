using System.Text;
using LeadSync.Contracts;

namespace LeadSync.Projector.LegacyView;

/// <summary>
/// The fields of one request to Zoho. The projector reads the answer, a page or a live change, by these fields.
/// </summary>
/// <param name="Position">The order in which field sets were learned.</param>
/// <param name="Fields">In ordinal order of their names in events.</param>
internal sealed record FieldSet(int Position, IReadOnlyList<SyncedField> Fields);

/// <summary>Why the view shows null for a field of a lead although Zoho has a value.</summary>
/// <param name="Reason">One sentence without lead data.</param>
internal sealed record Misfit(string Field, string Reason);

/// <summary>A field as Zoho describes it in a field set, and the latest of its columns.</summary>
internal sealed record SyncedField(LeadField Field, Column Column)
{
    private readonly Misfit noValue = new(Column.ApiName, $"{Column.ApiName} does not hold a value of type {Field.Type}.");
    private readonly Misfit noFit = new(
        Column.ApiName,
        $"The column {Column.Name} holds {Column.Type}, and {Column.ApiName} now has the type {Field.Type} in Zoho: "
            + $"leadsync retype {Column.ApiName}");

    /// <summary>Whether the column can hold every value of the field.</summary>
    public bool IsPlain { get; } = Field.Type.SqlType() == Column.SqlType;

    /// <summary>The field's name in events.</summary>
    public string Name => Column.ApiName;

    /// <summary>
    /// Brings a value into the canonical form, which events keep and <see cref="Leads.ContentHash"/> hashes. A cell of a page comes in this
    /// form from <see cref="CellValue"/>.
    /// </summary>
    /// <param name="canonical">The canonical form. Empty when there is no value, or the value is not of the field's type.</param>
    /// <returns>Why the view cannot show the value; null when it can.</returns>
    public Misfit? Read(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> canonical)
    {
        if (FieldValue.TryCanonical(Field.Type, value, scratch, out canonical))
            return Misfit(canonical);

        canonical = default;
        return noValue;
    }

    /// <summary>Why the column cannot show a value; null when it can. A column of another type shows the canonical texts of its own type
    /// only, as <c>projector.as_…</c> in schema.sql.</summary>
    public Misfit? Misfit(ReadOnlySpan<byte> canonical) =>
        IsPlain || canonical.IsEmpty || IsCanonical(Encoding.UTF8.GetString(canonical)) ? null : noFit;

    private bool IsCanonical(string text) => FieldValue.TryCanonical(Column.Type, text, out var own) && own == text;
}
