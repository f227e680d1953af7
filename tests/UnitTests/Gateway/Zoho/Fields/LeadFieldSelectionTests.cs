using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Fields;

namespace LeadSync.UnitTests.Gateway.Zoho.Fields;

public sealed class LeadFieldSelectionTests
{
    [Theory]
    [InlineData("text", FieldType.Text)]
    [InlineData("textarea", FieldType.Text)]
    [InlineData("picklist", FieldType.Text)]
    [InlineData("autonumber", FieldType.Text)]
    [InlineData("profileimage", FieldType.Text)]
    [InlineData("something_new", FieldType.Text)]
    [InlineData("", FieldType.Text)]
    [InlineData("currency", FieldType.Numeric)]
    [InlineData("double", FieldType.Numeric)]
    [InlineData("percent", FieldType.Numeric)]
    [InlineData("integer", FieldType.Integer)]
    [InlineData("bigint", FieldType.Integer)]
    [InlineData("long", FieldType.Integer)]
    [InlineData("layout", FieldType.Reference)]
    [InlineData("consent_lookup", FieldType.Reference)]
    [InlineData("territories", FieldType.Set)]
    [InlineData("boolean", FieldType.Boolean)]
    [InlineData("date", FieldType.Date)]
    [InlineData("datetime", FieldType.DateTime)]
    [InlineData("lookup", FieldType.Reference)]
    [InlineData("ownerlookup", FieldType.Reference)]
    [InlineData("userlookup", FieldType.Reference)]
    [InlineData("multiselectpicklist", FieldType.Set)]
    public void a_field_has_the_type_of_its_data(string dataType, FieldType type) =>
        Select(new FieldDescription("Field", dataType)).ShouldHaveSingleItem().Type.ShouldBe(type);

    [Theory]
    [InlineData("currency", FieldType.Numeric)]
    [InlineData("datetime", FieldType.DateTime)]
    [InlineData("string", FieldType.Text)]
    [InlineData(null, FieldType.Text)]
    [InlineData(null, FieldType.Integer, "integer")]
    [InlineData(null, FieldType.Boolean, "boolean")]
    [InlineData("integer", FieldType.Integer, "double")]
    public void a_formula_has_the_type_of_its_result(string? returnType, FieldType type, string? jsonType = null) =>
        Select(new FieldDescription("Field", "formula", jsonType, returnType)).ShouldHaveSingleItem().Type.ShouldBe(type);

    [Fact]
    public void tags_and_other_lists_are_sets()
    {
        Select(new FieldDescription("Tag", "text")).Single().Type.ShouldBe(FieldType.Set);
        Select(new FieldDescription("Territories", "text", "jsonarray")).Single().Type.ShouldBe(FieldType.Set);
    }

    [Theory]
    [InlineData("subform")]
    [InlineData("fileupload")]
    [InlineData("imageupload")]
    [InlineData("multiselectlookup")]
    [InlineData("multiuserlookup")]
    [InlineData("multi_module_lookup")]
    [InlineData("event_reminder")]
    public void what_zoho_cannot_export_is_not_synced(string dataType) =>
        LeadFieldSelection.Select([new FieldDescription("Field", dataType, "jsonarray")], ["Field"]).Fields.ShouldBeEmpty();

    [Fact]
    public void only_the_wanted_fields_are_synced_and_the_fields_of_every_lead_are_not_named()
    {
        FieldDescription[] described =
        [
            new("id", "bigint"), new("Modified_Time", "datetime"), new("Company", "text"), new("Email", "email")
        ];

        LeadFieldSelection.Select(described, []).Fields.Select(field => field.ApiName).ShouldBe(["Company", "Email"]);
        var narrowed = LeadFieldSelection.Select(described, ["company", "modified_time", "Shoe_Size"]);
        narrowed.Fields.Select(field => field.ApiName).ShouldBe(["Company"]);
        LeadFieldSelection.Unknown(narrowed, ["company", "modified_time", "Shoe_Size"]).ShouldBe(["Shoe_Size"]);
    }

    [Fact]
    public void the_same_fields_are_the_same_set_in_any_order()
    {
        FieldDescription company = new("Company", "text"), email = new("Email", "email");

        Hash(company, email).ShouldBe(Hash(email, company));
        Hash(company, email).ShouldNotBe(Hash(company));
        Hash(company).ShouldNotBe(Hash(company with { DataType = "integer" }));
    }

    [Fact]
    public void every_field_has_a_plan_and_a_reason_where_there_is_one()
    {
        FieldDescription[] described =
        [
            new("id", "bigint"), new("Company", "text"), new("Visits", "subform"), new("Notes", "textarea", TextArea: "rich_text"),
            new("Odd", "hologram", "integer"),
            new("Total", "rollup_summary", ReturnType: "integer"), new("City", "text"), new("city", "text"),
        ];

        var plans = LeadFieldSelection.Plan(described, ["company", "visits", "notes", "odd", "total", "CITY"])
            .ToDictionary(plan => plan.Description.ApiName);

        plans["Company"].ShouldSatisfyAllConditions(plan => plan.Field!.Type.ShouldBe(FieldType.Text), plan => plan.Reason.ShouldBeNull());
        plans["Visits"].ShouldSatisfyAllConditions(
            plan => plan.Field.ShouldBeNull(), plan => plan.Reason.ShouldBe("Zoho exports no subform"));
        plans["Notes"].Field!.Detail.ShouldBe(FieldDetail.RichText);
        plans["Odd"].ShouldSatisfyAllConditions(
            plan => plan.Field!.Type.ShouldBe(FieldType.Integer), plan => plan.Reason.ShouldNotBeNull());
        plans["Total"].Field!.Type.ShouldBe(FieldType.Integer);
        new[] { plans["City"], plans["city"] }.ShouldAllBe(plan => plan.Field != null);
        LeadFieldSelection.Plan(described, ["Company"])
            .Single(plan => plan.Description.ApiName == "City").Reason.ShouldBe("Zoho__Fields does not name it");
    }

    private static IReadOnlyList<LeadField> Select(FieldDescription field) => LeadFieldSelection.Select([field], []).Fields;

    private static string Hash(params FieldDescription[] fields) => LeadFieldSelection.Select(fields, []).FieldSet;
}
