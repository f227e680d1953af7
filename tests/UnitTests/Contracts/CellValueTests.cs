using System.Text;
using LeadSync.Contracts;

namespace LeadSync.UnitTests.Contracts;

/// <summary>What the cell of an export tells for certain.</summary>
public sealed class CellValueTests
{
    [Theory]
    [InlineData("1500", "1500")]
    [InlineData("1,500", null)]
    [InlineData("$1,500 EUR", null)]
    [InlineData("999,500", null)]
    [InlineData("1234,567", "1234.567")]
    [InlineData("1,5000", "1.5")]
    [InlineData("1,50", "1.5")]
    [InlineData("0,125", "0.125")]
    [InlineData("-0,125", "-0.125")]
    [InlineData(",125", null)]
    [InlineData("1,500.25", "1500.25")]
    [InlineData("1.500,250", "1500.25")]
    [InlineData("1,234,567", "1234567")]
    [InlineData("five", null)]
    public void a_number_whose_comma_can_mean_two_things_is_unknown(string cell, string? canonical) =>
        Read(new("F", FieldType.Numeric), cell).ShouldBe(canonical);

    [Theory]
    [InlineData("123", "123")]
    [InlineData(" 123 ", "123")]
    [InlineData("zcrm_123", "123")]
    [InlineData("Ann 123", null)]
    [InlineData("123a", null)]
    [InlineData(" ", "")]
    public void a_reference_is_an_id_and_no_name(string cell, string? canonical) =>
        Read(new("F", FieldType.Reference), cell).ShouldBe(canonical);

    [Theory]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("'quoted'", "'quoted'")]
    [InlineData("a & b; c < d", "a & b; c < d")]
    [InlineData("'=a", null)]
    [InlineData("'+a", null)]
    [InlineData("'-a", null)]
    [InlineData("'@a", null)]
    [InlineData("a &amp; b", null)]
    [InlineData("&lt;", null)]
    [InlineData("&gt;", null)]
    [InlineData("&quot;", null)]
    [InlineData("a & b&#39;", null)]
    [InlineData("&#39;", null)]
    [InlineData("-None-", "-None-")]
    public void a_text_that_an_export_may_have_changed_is_unknown(string cell, string? canonical) =>
        Read(new("F", FieldType.Text), cell).ShouldBe(canonical);

    [Theory]
    [InlineData("-None-", "")]
    [InlineData("Fresh", "Fresh")]
    [InlineData("New", "Fresh")]
    [InlineData("Gone", "Gone")]
    [InlineData("Twice", null)]
    [InlineData("'=Fresh", null)]
    public void a_choice_is_what_is_shown_unless_it_can_be_two(string cell, string? canonical)
    {
        var spellings = new Dictionary<string, string?> { ["New"] = "Fresh", ["2"] = "Twice", ["Twice"] = null };
        Read(new("F", FieldType.Text, Spellings: spellings, Detail: FieldDetail.Picklist), cell).ShouldBe(canonical);
    }

    [Theory]
    [InlineData("-None-", "")]
    [InlineData("New", "New")]
    public void a_choice_that_zoho_does_not_list_is_what_the_cell_says(string cell, string canonical) =>
        Read(new("F", FieldType.Text, Detail: FieldDetail.Picklist), cell).ShouldBe(canonical);

    [Theory]
    [InlineData("1,2", "1;2")]
    [InlineData(" 1 , 2 ,", "1;2")]
    [InlineData("1,Ann", null)]
    [InlineData("1,2a", null)]
    [InlineData(",", "")]
    [InlineData(" ", "")]
    public void a_set_of_ids_holds_no_names(string cell, string? canonical) =>
        Read(new("F", FieldType.Set, Detail: FieldDetail.Ids), cell).ShouldBe(canonical);

    [Fact]
    public void a_rich_text_is_always_unknown() =>
        Read(new("F", FieldType.Text, Detail: FieldDetail.RichText), "").ShouldBeNull();

    [Theory]
    [InlineData(FieldType.Boolean, "Yes", "true")]
    [InlineData(FieldType.Date, "2024-02-30", null)]
    public void a_value_of_any_other_type_is_certain_when_it_is_one(FieldType type, string cell, string? canonical) =>
        Read(new("F", type), cell).ShouldBe(canonical);

    /// <returns>Null for an unknown value; empty for none.</returns>
    private static string? Read(LeadField field, string cell) =>
        CellValue.TryRead(field, Encoding.UTF8.GetBytes(cell), new byte[FieldValue.ScratchSize], out var canonical)
            ? Encoding.UTF8.GetString(canonical) : null;
}
