using System.Text;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;

namespace LeadSync.UnitTests.Gateway.Zoho.Fields;

public sealed class LeadJsonTests
{
    [Theory]
    [InlineData(FieldType.Text, "\"Doe\"", "Doe")]
    [InlineData(FieldType.Text, "\"\"", null)]
    [InlineData(FieldType.Text, "null", null)]
    [InlineData(FieldType.Text, "[]", null)]
    [InlineData(FieldType.Text, "0", "0")]
    [InlineData(FieldType.Text, "true", "true")]
    [InlineData(FieldType.Text, """{"name":"Standard","id":"5725767000000091055"}""", "5725767000000091055")]
    [InlineData(FieldType.Text, """["b","a"]""", "a;b")]
    [InlineData(FieldType.Reference, """{"name":"P B","id":"4150868000000225013","email":"p@example.org"}""", "4150868000000225013")]
    [InlineData(FieldType.Reference, """{"name":"P B","id":4150868000000225013}""", "4150868000000225013")]
    [InlineData(FieldType.Reference, "\"4150868000000225013\"", "4150868000000225013")]
    [InlineData(FieldType.Reference, "null", null)]
    [InlineData(FieldType.Set, """["Zürich","Bern","Bern"]""", "Bern;Zürich")]
    [InlineData(FieldType.Set, """[{"name":"vip","id":"1","color_code":null},{"name":"hot","id":"2"}]""", "hot;vip")]
    [InlineData(FieldType.Set, "\"b;a\"", "a;b")]
    [InlineData(FieldType.Set, """[{"Name":"EMEA","id":"554023000000430409"}]""", "EMEA")]
    [InlineData(FieldType.Text, "\" \"", null)]
    [InlineData(FieldType.Text, "\"a\\r\\nb\"", "a\nb")]
    [InlineData(FieldType.Numeric, "\"1,500.50 %\"", "1500.5")]
    [InlineData(FieldType.Boolean, "\"yes\"", "true")]
    [InlineData(FieldType.Integer, """{"id":"554023000000430409"}""", "554023000000430409")]
    [InlineData(FieldType.Set, "[]", null)]
    [InlineData(FieldType.Set, "null", null)]
    [InlineData(FieldType.Numeric, "1500.50", "1500.5")]
    [InlineData(FieldType.Numeric, "0.1234567890123456789", "0.1234567890123456789")]
    [InlineData(FieldType.Numeric, "\"12\"", "12")]
    [InlineData(FieldType.Integer, "9007199254740993", "9007199254740993")]
    [InlineData(FieldType.Integer, "5.0", "5")]
    [InlineData(FieldType.Boolean, "true", "true")]
    [InlineData(FieldType.Boolean, "false", "false")]
    [InlineData(FieldType.DateTime, "\"2026-08-15T16:50:00+05:30\"", "2026-08-15T11:20:00Z")]
    [InlineData(FieldType.Date, "\"2026-08-15\"", "2026-08-15")]
    public void a_value_has_the_canonical_form_of_its_type(FieldType type, string json, string? canonical) =>
        Read($$"""{"id":"1","Field":{{json}}}""", type).Fields.ShouldContainKeyAndValue("Field", canonical);

    [Theory]
    [InlineData(FieldType.Date, "\"2026-02-30\"")]
    [InlineData(FieldType.DateTime, "\"yesterday\"")]
    [InlineData(FieldType.Numeric, "\"much\"")]
    [InlineData(FieldType.Integer, "1.5")]
    [InlineData(FieldType.Boolean, "\"perhaps\"")]
    [InlineData(FieldType.Text, "\"\\ud800\"")]
    public void a_value_that_is_not_of_its_type_is_named_but_not_shown(FieldType type, string json)
    {
        var lead = Read($$"""{"id":"1","Field":{{json}}}""", type);

        lead.InvalidField.ShouldBe("Field");
        lead.Fields.ShouldBeEmpty();
    }

    [Fact]
    public void territories_are_ids_and_a_choice_is_what_is_shown()
    {
        var territories = new LeadField("Field", FieldType.Set, Detail: FieldDetail.Ids);
        LeadJson.Read(
            Json("""{"id":"1","Field":[{"Name":"EMEA","id":"554023000000430409"}]}"""),
            [territories])!.Fields.ShouldContainKeyAndValue("Field", "554023000000430409");
        var status = new LeadField(
            "Field", FieldType.Text, Spellings: new Dictionary<string, string?> { ["New"] = "Fresh" }, Detail: FieldDetail.Picklist);
        LeadJson.Read(Json("""{"id":"1","Field":"New"}"""), [status])!.Fields.ShouldContainKeyAndValue("Field", "Fresh");
        LeadJson.Read(Json("""{"id":"1","Field":"-None-"}"""), [status])!.Fields.ShouldContainKeyAndValue("Field", null);
    }

    [Fact]
    public void a_missing_key_is_unknown_rather_than_empty() => Read("""{"id":"1"}""", FieldType.Text).Fields.ShouldBeEmpty();

    [Fact]
    public void ids_are_texts_whatever_zoho_writes() =>
        Read("""{"id":4150868000000002175}""", FieldType.Text).Id.ShouldBe("4150868000000002175");

    [Fact]
    public void a_lead_has_its_modified_time() =>
        Read("""{"id":"1","Modified_Time":"2026-08-15T14:20:00-07:00"}""", FieldType.Text).ModifiedTime
            .ShouldBe(new DateTimeOffset(2026, 8, 15, 21, 20, 0, TimeSpan.Zero));

    [Fact]
    public void a_record_without_an_id_is_no_lead() => LeadJson.Read(Json("""{"Last_Name":"Doe"}"""), []).ShouldBeNull();

    private static LeadPart Read(string json, FieldType type) => LeadJson.Read(Json(json), [new LeadField("Field", type)])!;

    private static System.Text.Json.JsonElement Json(string json) => ZohoJson.Parse(Encoding.UTF8.GetBytes(json))!.Value;
}
