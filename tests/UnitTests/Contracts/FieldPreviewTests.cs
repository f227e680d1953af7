using LeadSync.Contracts;

namespace LeadSync.UnitTests.Contracts;

public sealed class FieldPreviewTests
{
    private static readonly DescribedField City = new("City", "Town", "text", FieldType.Text);
    private static readonly DescribedField Staff = new("No_of_Employees", "Staff", "integer", FieldType.Integer);
    private static readonly DescribedField Visits = new("Visits", null, "subform", null, "Zoho exports no subform");

    [Fact]
    public void before_the_first_sync_every_field_is_listed_and_nothing_changes() =>
        FieldPreview.Of([City, Staff, Visits], columns: null).ShouldBe(
        [
            new("City", "text", FieldType.Text, null, null, null, "Town"),
            new("No_of_Employees", "integer", FieldType.Integer, null, null, null, "Staff"),
            new("Visits", "subform", null, null, null, "Zoho exports no subform"),
        ]);

    [Fact]
    public void a_preview_names_new_fields_changed_types_unsynced_fields_and_removed_fields()
    {
        var columns = new Dictionary<string, FieldType>
        {
            ["No_of_Employees"] = FieldType.Text, ["Visits"] = FieldType.Text, ["Gone"] = FieldType.Date, ["Owner"] = FieldType.Text,
        };

        Changes([City, Staff, Visits, new("Owner", null, "ownerlookup", FieldType.Reference)], columns)
            .ShouldBe(new Dictionary<string, string?>
        {
            ["City"] = "new column text",
            [
                "No_of_Employees"
            ] = "its type: the column stays text, where a value that does not fit is NULL; `leadsync retype No_of_Employees` adds a "
                + "column bigint",
            ["Visits"] = "no longer synced: the column stays, and becomes NULL with the next change of each lead",
            ["Owner"] = null,
            ["Gone"] = "the column stays, and becomes NULL with the next change of each lead",
        });
    }

    [Fact]
    public void a_field_whose_name_changes_its_case_keeps_its_column_unless_there_is_one_of_each_name()
    {
        var columns = new Dictionary<string, FieldType> { ["city"] = FieldType.Text };

        Changes([City], columns).ShouldBe(new Dictionary<string, string?> { ["City"] = null });
        Changes([City, City with { ApiName = "city" }], columns)
            .ShouldBe(new Dictionary<string, string?> { ["City"] = "new column text", ["city"] = null });
    }

    private static Dictionary<string, string?> Changes(IReadOnlyList<DescribedField> fields, Dictionary<string, FieldType> columns) =>
        FieldPreview.Of(fields, columns).ToDictionary(field => field.Name, field => field.Change);
}
