using System.Text;
using LeadSync.Contracts;

namespace LeadSync.UnitTests.Contracts;

public sealed class FieldValueTests
{
    [Theory]
    [InlineData(FieldType.Text, " a,\r\n\"b\" ", " a,\n\"b\" ")]
    [InlineData(FieldType.Text, "a\rb\nc\r\n\r\n", "a\nb\nc\n\n")]
    [InlineData(FieldType.Text, "a\0b", "a\uFFFDb")]
    [InlineData(FieldType.Text, "", null)]
    [InlineData(FieldType.Text, " ", null)]
    [InlineData(FieldType.Text, "\u00A0\t\n", null)]
    [InlineData(FieldType.Text, "\u00E9", "\u00E9")]
    [InlineData(FieldType.Text, null, null)]
    [InlineData(FieldType.Reference, "4150868000000225013", "4150868000000225013")]
    [InlineData(FieldType.Numeric, " ", null)]
    [InlineData(FieldType.Numeric, "1500.50", "1500.5")]
    [InlineData(FieldType.Numeric, "1500.00", "1500")]
    [InlineData(FieldType.Numeric, "1500", "1500")]
    [InlineData(FieldType.Numeric, "1.5E3", "1500")]
    [InlineData(FieldType.Numeric, "+007.10e-1", "0.71")]
    [InlineData(FieldType.Numeric, "-0.000001", "-0.000001")]
    [InlineData(FieldType.Numeric, "-0.0", "0")]
    [InlineData(FieldType.Numeric, "00", "0")]
    [InlineData(FieldType.Numeric, ".5", "0.5")]
    [InlineData(FieldType.Numeric, "5.", "5")]
    [InlineData(FieldType.Numeric, "1E+20", "100000000000000000000")]
    [InlineData(FieldType.Numeric, "0.12345678901234567890123456789012345", "0.12345678901234567890123456789012345")]
    [InlineData(FieldType.Numeric, "12.5 %", "12.5")]
    [InlineData(FieldType.Numeric, "1,234,567.80", "1234567.8")]
    [InlineData(FieldType.Numeric, "12,34,567.80", "1234567.8")]
    [InlineData(FieldType.Numeric, "1.234.567,8", "1234567.8")]
    [InlineData(FieldType.Numeric, "1 234\u00A0567,8", null, false)]
    [InlineData(FieldType.Numeric, "1\u202F234\u202F567,8", "1234567.8")]
    [InlineData(FieldType.Numeric, "1'234.5", "1234.5")]
    [InlineData(FieldType.Numeric, "12,5", "12.5")]
    [InlineData(FieldType.Numeric, "0,125", "0.125")]
    [InlineData(FieldType.Numeric, "1,500", "1500")]
    [InlineData(FieldType.Numeric, "$ 1,500.00", "1500")]
    [InlineData(FieldType.Numeric, "-\u20AC1.500,00", "-1500")]
    [InlineData(FieldType.Numeric, "\u20AC-1.500,00", "-1500")]
    [InlineData(FieldType.Numeric, "1.500,00 EUR", "1500")]
    [InlineData(FieldType.Numeric, "Rs. 12,34,567", "1234567")]
    [InlineData(FieldType.Numeric, "(1,500.25)", "-1500.25")]
    [InlineData(FieldType.Integer, "007", "7")]
    [InlineData(FieldType.Integer, "5.0", "5")]
    [InlineData(FieldType.Integer, "1,234", "1234")]
    [InlineData(FieldType.Integer, "9223372036854775807", "9223372036854775807")]
    [InlineData(FieldType.Integer, "-9223372036854775808", "-9223372036854775808")]
    [InlineData(FieldType.Integer, "9223372036854775807.0", "9223372036854775807")]
    [InlineData(FieldType.Integer, "1E3", "1000")]
    [InlineData(FieldType.Boolean, "TRUE", "true")]
    [InlineData(FieldType.Boolean, "1", "true")]
    [InlineData(FieldType.Boolean, "False", "false")]
    [InlineData(FieldType.Boolean, "Yes", "true")]
    [InlineData(FieldType.Boolean, "off", "false")]
    [InlineData(FieldType.Boolean, "N", "false")]
    [InlineData(FieldType.Boolean, "0", "false")]
    [InlineData(FieldType.Boolean, " ", null)]
    [InlineData(FieldType.DateTime, "2026-08-20T02:13:17-07:00", "2026-08-20T09:13:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17Z", "2026-08-20T09:13:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20 09:13Z", "2026-08-20T09:13:00Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T14:43:17.250+05:30", "2026-08-20T09:13:17.25Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17.0000000+0000", "2026-08-20T09:13:17Z")]
    [InlineData(FieldType.DateTime, "1969-12-31T23:59:59+00:00", "1969-12-31T23:59:59Z")]
    [InlineData(FieldType.DateTime, "1899-12-31T20:00:00-05:00", "1900-01-01T01:00:00Z")]
    [InlineData(FieldType.DateTime, "9999-12-31T23:59:59-07:00", "10000-01-01T06:59:59Z")]
    [InlineData(FieldType.DateTime, "20206-02-29T00:00:00Z", null, false)]
    [InlineData(FieldType.DateTime, "20208-02-29T00:00:00Z", "20208-02-29T00:00:00Z")]
    [InlineData(FieldType.Date, "2024-02-29", "2024-02-29")]
    [InlineData(FieldType.Date, "0212-02-29", "0212-02-29")]
    [InlineData(FieldType.Date, "20208-02-29", "20208-02-29")]
    [InlineData(FieldType.Date, "2024-02-29T00:00:00-07:00", "2024-02-29")]
    public void a_value_has_one_canonical_text(FieldType type, string? written, string? canonical, bool isOne = true)
    {
        FieldValue.TryCanonical(type, written, out var text).ShouldBe(isOne);
        text.ShouldBe(canonical);
    }

    [Theory]
    [InlineData(FieldType.Numeric, "NaN")]
    [InlineData(FieldType.Numeric, "Infinity")]
    [InlineData(FieldType.Numeric, "1e999999999")]
    [InlineData(FieldType.Numeric, "1e99999999999999")]
    [InlineData(FieldType.Numeric, "1,50,0")]
    [InlineData(FieldType.Numeric, "1,2,3")]
    [InlineData(FieldType.Numeric, "1.2.3,4")]
    [InlineData(FieldType.Numeric, "12 pieces")]
    [InlineData(FieldType.Numeric, "n/a")]
    [InlineData(FieldType.Numeric, "-")]
    [InlineData(FieldType.Numeric, "1-2")]
    [InlineData(FieldType.Numeric, "%")]
    [InlineData(FieldType.Integer, "5.5")]
    [InlineData(FieldType.Integer, "five")]
    [InlineData(FieldType.Integer, "9223372036854775808")]
    [InlineData(FieldType.Boolean, "perhaps")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17")]
    [InlineData(FieldType.DateTime, "2026-08-20T24:00:00Z")]
    [InlineData(FieldType.DateTime, "2026-02-30T09:13:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17+05:")]
    [InlineData(FieldType.DateTime, "yesterday")]
    [InlineData(FieldType.Date, "2026-02-30")]
    [InlineData(FieldType.Date, "0000-01-01")]
    [InlineData(FieldType.Date, "2026-08-20T09:13:17Z")]
    [InlineData(FieldType.Date, "20/08/2026")]
    public void a_value_that_is_not_of_its_type_is_refused(FieldType type, string written)
    {
        FieldValue.TryCanonical(type, written, out var text).ShouldBeFalse();
        text.ShouldBeNull();
    }

    public static TheoryData<FieldType> Types => [.. Enum.GetValues<FieldType>()];

    [Theory, MemberData(nameof(Types))]
    public void an_empty_text_is_no_value_for_any_type(FieldType type)
    {
        FieldValue.TryCanonical(type, "", out var text).ShouldBeTrue();
        text.ShouldBeNull();
    }

    [Fact]
    public void invalid_utf8_becomes_replacement_characters()
    {
        FieldValue.TryCanonical(FieldType.Text, [(byte)'a', 0xFF, 0, (byte)'b'], new byte[FieldValue.ScratchSize], out var canonical)
            .ShouldBeTrue();
        Encoding.UTF8.GetString(canonical).ShouldBe("a\uFFFD\uFFFDb");
    }

    [Fact]
    public void a_number_of_any_length_keeps_every_digit()
    {
        var digits = string.Concat(Enumerable.Repeat("1234567890", 400));
        FieldValue.TryCanonical(FieldType.Numeric, $"{digits}.{digits}1", out var plain).ShouldBeTrue();
        plain.ShouldBe($"{digits}.{digits}1");
        FieldValue.TryCanonical(FieldType.Numeric, $"0.{digits}1e4000", out var shifted).ShouldBeTrue();
        shifted.ShouldBe($"{digits}.1");
    }
}
