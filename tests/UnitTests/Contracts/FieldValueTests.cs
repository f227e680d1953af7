using LeadSync.Contracts;

namespace LeadSync.UnitTests.Contracts;

public sealed class FieldValueTests
{
    [Theory]
    [InlineData(FieldType.Text, " a,\r\n\"b\" ", " a,\r\n\"b\" ")]
    [InlineData(FieldType.Text, "a\0b", "a\uFFFDb")]
    [InlineData(FieldType.Text, "", null)]
    [InlineData(FieldType.Text, null, null)]
    [InlineData(FieldType.Reference, "4150868000000225013", "4150868000000225013")]
    [InlineData(FieldType.Numeric, "1500.50", "1500.5")]
    [InlineData(FieldType.Numeric, "1500", "1500")]
    [InlineData(FieldType.Numeric, "1.5E3", "1500")]
    [InlineData(FieldType.Numeric, "-0.000001", "-0.000001")]
    [InlineData(FieldType.Numeric, "1E+40", "1E+40")]
    [InlineData(FieldType.Integer, "007", "7")]
    [InlineData(FieldType.Integer, "5.0", "5")]
    [InlineData(FieldType.Integer, "9223372036854775807", "9223372036854775807")]
    [InlineData(FieldType.Boolean, "TRUE", "true")]
    [InlineData(FieldType.Boolean, "0", "false")]
    [InlineData(FieldType.DateTime, "2026-08-20T02:13:17-07:00", "2026-08-20T09:13:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17Z", "2026-08-20T09:13:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T14:43:17.250+05:30", "2026-08-20T09:13:17.25Z")]
    [InlineData(FieldType.Date, "2024-02-29", "2024-02-29")]
    public void a_value_has_one_canonical_text(FieldType type, string? written, string? canonical)
    {
        FieldValue.TryCanonical(type, written, out var text).ShouldBeTrue();
        text.ShouldBe(canonical);
    }

    [Theory]
    [InlineData(FieldType.Numeric, "1,500")]
    [InlineData(FieldType.Numeric, "NaN")]
    [InlineData(FieldType.Integer, "5.5")]
    [InlineData(FieldType.Integer, "9223372036854775808")]
    [InlineData(FieldType.Boolean, "yes")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17")]
    [InlineData(FieldType.DateTime, "2026-02-30T09:13:17Z")]
    [InlineData(FieldType.DateTime, "yesterday")]
    [InlineData(FieldType.Date, "2026-02-30")]
    [InlineData(FieldType.Date, "20/08/2026")]
    public void a_value_that_is_not_of_its_type_is_refused(FieldType type, string written) =>
        FieldValue.TryCanonical(type, written, out _).ShouldBeFalse();

    [Fact]
    public void a_set_is_distinct_sorted_and_joined() =>
        FieldValue.Join(["vip", " Zürich", "hot", "vip", ""]).ShouldBe("Zürich;hot;vip");
}
