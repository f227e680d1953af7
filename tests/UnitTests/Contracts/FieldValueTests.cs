using System.Globalization;
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
    [InlineData(FieldType.Text, "\u2003\u3000", null)]
    [InlineData(FieldType.Text, "\u3000\u2003", null)]
    [InlineData(FieldType.Text, "\u1680", null)]
    [InlineData(FieldType.Text, "\u3000a", "\u3000a")]
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
    [InlineData(FieldType.Numeric, "1e5", "100000")]
    [InlineData(FieldType.Numeric, "1E-2", "0.01")]
    [InlineData(FieldType.Numeric, "12.5%", "12.5")]
    [InlineData(FieldType.Numeric, ".5 EUR", "0.5")]
    [InlineData(FieldType.Numeric, "US$ 5", "5")]
    [InlineData(FieldType.Numeric, "CAN$ 5", "5")]
    [InlineData(FieldType.Numeric, "123,456.5", "123456.5")]
    [InlineData(FieldType.Numeric, "5. EUR", null, false)]
    [InlineData(FieldType.Numeric, "R$5", "5")]
    [InlineData(FieldType.Numeric, "Rs 5", "5")]
    [InlineData(FieldType.Numeric, "+$5", "5")]
    [InlineData(FieldType.Numeric, "\u22125", "-5")]
    [InlineData(FieldType.Numeric, "( 5 )", "-5")]
    [InlineData(FieldType.Numeric, "1\u2019234", "1234")]
    [InlineData(FieldType.Numeric, "1 234", "1234")]
    [InlineData(FieldType.Numeric, "1\u00A0234", "1234")]
    [InlineData(FieldType.Numeric, "1_234", "1234")]
    [InlineData(FieldType.Numeric, "1.234.567", "1234567")]
    [InlineData(FieldType.Numeric, "1,23,456", "123456")]
    [InlineData(FieldType.Numeric, "1234,567", "1234.567")]
    [InlineData(FieldType.Numeric, "1,5000", "1.5")]
    [InlineData(FieldType.Numeric, "$1,500", "1500")]
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
    [InlineData(FieldType.Boolean, "On", "true")]
    [InlineData(FieldType.Boolean, "t", "true")]
    [InlineData(FieldType.Boolean, "y", "true")]
    [InlineData(FieldType.Boolean, "Checked", "true")]
    [InlineData(FieldType.Boolean, "no", "false")]
    [InlineData(FieldType.Boolean, "F", "false")]
    [InlineData(FieldType.Boolean, "unchecked", "false")]
    [InlineData(FieldType.Boolean, "\ttrue ", "true")]
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
    [InlineData(FieldType.DateTime, "\t2026-08-20t23:59:59,25z ", "2026-08-20T23:59:59.25Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17.1234567Z", "2026-08-20T09:13:17.123456Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17.000001Z", "2026-08-20T09:13:17.000001Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17 +02", "2026-08-20T07:13:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17-00:30", "2026-08-20T09:43:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17+0059", "2026-08-20T08:14:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T20:13:17+18:00", "2026-08-20T02:13:17Z")]
    [InlineData(FieldType.DateTime, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData(FieldType.DateTime, "294275-12-31T23:59:59Z", "294275-12-31T23:59:59Z")]
    [InlineData(FieldType.Date, " 2024-02-29\t", "2024-02-29")]
    [InlineData(FieldType.Date, "2024-12-31 00:00", "2024-12-31")]
    [InlineData(FieldType.Date, "2024-12-31T00:00:00", "2024-12-31")]
    [InlineData(FieldType.Date, "0001-01-01", "0001-01-01")]
    [InlineData(FieldType.Date, "294275-12-31", "294275-12-31")]
    [InlineData(FieldType.Date, "2400-12-31", "2400-12-31")]
    [InlineData(FieldType.Date, "2401-01-01", "2401-01-01")]
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
    [InlineData(FieldType.Numeric, "--1")]
    [InlineData(FieldType.Numeric, "+-1")]
    [InlineData(FieldType.Numeric, "5-")]
    [InlineData(FieldType.Numeric, "5,")]
    [InlineData(FieldType.Numeric, "1x3.5")]
    [InlineData(FieldType.Numeric, "(-5)")]
    [InlineData(FieldType.Numeric, "(5")]
    [InlineData(FieldType.Numeric, "(55")]
    [InlineData(FieldType.Numeric, "55)")]
    [InlineData(FieldType.Numeric, "Eur 5")]
    [InlineData(FieldType.Numeric, ".500,5")]
    [InlineData(FieldType.Numeric, "5)")]
    [InlineData(FieldType.Numeric, "e5")]
    [InlineData(FieldType.Numeric, "1e")]
    [InlineData(FieldType.Numeric, "1e5x")]
    [InlineData(FieldType.Numeric, "1e++5")]
    [InlineData(FieldType.Numeric, ".")]
    [InlineData(FieldType.Numeric, "1..2")]
    [InlineData(FieldType.Numeric, "12.5.")]
    [InlineData(FieldType.Numeric, "$5%")]
    [InlineData(FieldType.Numeric, "5%%")]
    [InlineData(FieldType.Numeric, "EU 5")]
    [InlineData(FieldType.Numeric, "eur 5")]
    [InlineData(FieldType.Numeric, "EURO 5")]
    [InlineData(FieldType.Numeric, "AUS$$ 5")]
    [InlineData(FieldType.Numeric, "$. 5")]
    [InlineData(FieldType.Numeric, "5 a$b$c")]
    [InlineData(FieldType.Numeric, "1234,567.8")]
    [InlineData(FieldType.Numeric, ",500.0")]
    [InlineData(FieldType.Numeric, "1,23.5")]
    [InlineData(FieldType.Numeric, "1,2345.6")]
    [InlineData(FieldType.Numeric, "1,2,345.6")]
    [InlineData(FieldType.Numeric, "1,2345,678.9")]
    [InlineData(FieldType.Numeric, "1,234'567.8")]
    [InlineData(FieldType.Numeric, "1,234.5.6")]
    [InlineData(FieldType.Numeric, "1,234.5x6")]
    [InlineData(FieldType.Numeric, "1,2x4.5")]
    [InlineData(FieldType.Integer, "12 pieces")]
    [InlineData(FieldType.Integer, "5.5")]
    [InlineData(FieldType.Integer, "five")]
    [InlineData(FieldType.Integer, "9223372036854775808")]
    [InlineData(FieldType.Boolean, "perhaps")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17")]
    [InlineData(FieldType.DateTime, "2026-08-20T24:00:00Z")]
    [InlineData(FieldType.DateTime, "2026-02-30T09:13:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17+05:")]
    [InlineData(FieldType.DateTime, "yesterday")]
    [InlineData(FieldType.DateTime, "2026-08-20")]
    [InlineData(FieldType.DateTime, "2026-08-20X09:13:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:60:00Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:60Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:1Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17.Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T9:13:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09-13:17Z")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17+")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17+5")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17+053")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17+05:60")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17+05:3x")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17+19:00")]
    [InlineData(FieldType.DateTime, "2026-08-20T09:13:17Zulu")]
    [InlineData(FieldType.DateTime, "0001-01-01T00:00:00+01:00")]
    [InlineData(FieldType.DateTime, "294276-01-01T00:00:00Z")]
    [InlineData(FieldType.Date, "T00:00")]
    [InlineData(FieldType.Date, "999-01-01")]
    [InlineData(FieldType.Date, "1000000-01-01")]
    [InlineData(FieldType.Date, "294276-01-01")]
    [InlineData(FieldType.Date, "02024-01-01")]
    [InlineData(FieldType.Date, "2024-00-01")]
    [InlineData(FieldType.Date, "2024-13-01")]
    [InlineData(FieldType.Date, "2024-01-00")]
    [InlineData(FieldType.Date, "2024-04-31")]
    [InlineData(FieldType.Date, "2024-1-01")]
    [InlineData(FieldType.Date, "2024-01-1")]
    [InlineData(FieldType.Date, "2024-01/01")]
    [InlineData(FieldType.Date, "2024-+1-01")]
    [InlineData(FieldType.Date, "20x4-01-01")]
    [InlineData(FieldType.Date, "2024-01-01X00:00Z")]
    [InlineData(FieldType.Date, "2024-01-01T")]
    [InlineData(FieldType.Date, "2024-01-01T00:01Z")]
    [InlineData(FieldType.Date, "2024-01-01T00:00:00.5Z")]
    [InlineData(FieldType.Date, "2024-01-01T00:00:00+")]
    [InlineData(FieldType.Date, "2026-02-30")]
    [InlineData(FieldType.Date, "0000-01-01")]
    [InlineData(FieldType.Date, "2026-08-20T09:13:17Z")]
    [InlineData(FieldType.Date, "20/08/2026")]
    public void a_value_that_is_not_of_its_type_is_refused(FieldType type, string written)
    {
        FieldValue.TryCanonical(type, written, out var text).ShouldBeFalse();
        text.ShouldBeNull();
    }

    [Theory]
    [InlineData("2026-08-20T09:13:17.25+02:00", 2026)]
    [InlineData("0001-01-01T00:00:00Z", 1)]
    [InlineData("9999-12-31T23:59:59.999999Z", 9999)]
    [InlineData("0001-01-01T00:00:00+00:01", null)]
    [InlineData("9999-12-31T23:59:59-00:01", null)]
    [InlineData("2026-08-20", null)]
    public void an_instant_is_one_that_a_program_can_hold(string written, int? year)
    {
        FieldValue.TryInstant(Encoding.UTF8.GetBytes(written), out var instant).ShouldBe(year is not null);
        instant.ShouldBe(year is null ? default : DateTimeOffset.Parse(written, CultureInfo.InvariantCulture));
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
        canonical.ToArray().ShouldBe(Encoding.UTF8.GetBytes("a\uFFFD\uFFFDb"));
    }

    [Theory]
    [InlineData("1e131071", true)]
    [InlineData("1e131072", false)]
    [InlineData("1e-16383", true)]
    [InlineData("1e-16384", false)]
    [InlineData("12e-16384", false)]
    [InlineData("10e-16384", true)]
    public void a_number_is_one_that_postgresql_can_hold(string written, bool isOne) =>
        FieldValue.TryCanonical(FieldType.Numeric, written, out _).ShouldBe(isOne);

    [Fact]
    public void a_number_that_just_fits_into_the_scratch_and_one_that_just_does_not_are_whole()
    {
        for (var length = FieldValue.ScratchSize - 4; length <= FieldValue.ScratchSize + 4; length++)
        {
            var digits = new string('7', length);
            foreach (var number in new[] { digits, $"-{digits}", $"0.{digits}", $"-0.00{digits}", $"7.{digits}", $"-{digits}.7" })
            {
                FieldValue.TryCanonical(FieldType.Numeric, number, out var canonical).ShouldBeTrue();
                canonical.ShouldBe(number);
            }

            FieldValue.TryCanonical(FieldType.Numeric, $"-7e{length}", out var zeros).ShouldBeTrue();
            zeros.ShouldBe("-7" + new string('0', length));
        }
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
