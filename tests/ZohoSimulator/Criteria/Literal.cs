using System.Globalization;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;

namespace LeadSync.ZohoSimulator.Criteria;

/// <summary>The values that a field is compared with.</summary>
internal static class Literal
{
    /// <param name="literal">The value for <see cref="Comparison"/>.</param>
    /// <returns>False when the text is no value of the field's type.</returns>
    public static bool TryRead(Field field, string text, out object? literal)
    {
        (var valid, literal) = field.DataType switch
        {
            _ when text == "${EMPTY}" => (true, null),
            "datetime" => (Instants.TryRead(text, out var instant), instant),
            "date" => (DateOnly.TryParseExact(text, "yyyy-MM-dd", out var date), date),
            "boolean" => (bool.TryParse(text, out var flag), flag),
            _ when IsNumber(field) => (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number), number),
            _ => (true, (object?)text),
        };
        return valid;
    }

    public static bool IsNumber(Field field) =>
        field.DataType is "integer" or "bigint" or "double" or "currency" or "percent" or "formula" or "rollup_summary";

    public static bool CanBeOrdered(Field field) => IsNumber(field) || field.DataType is "datetime" or "date";
}
