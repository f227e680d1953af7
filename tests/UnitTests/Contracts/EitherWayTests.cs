using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.UnitTests.Contracts;

/// <summary>
/// The same value, written as JSON and as a cell in every way that there may be: the cell gives the canonical form that the JSON gives, or it does not say for
/// certain what it holds, and then the JSON counts.
/// </summary>
public sealed class EitherWayTests
{
    private static readonly string[] Offsets = ["Z", "+00:00", "-07:00", "+05:30", "+1400", "-12"];

    /// <summary>A value as JSON, and as a cell.</summary>
    private sealed record Written(string Json, string Cell);

    [Fact]
    public void texts() => Agree(new("F", FieldType.Text), from text in Texts from crLf in Gen.Bool from inJson in Gen.Bool
        select new Written(Quoted(Ends(text, crLf && inJson)), Ends(text, crLf && !inJson)));

    [Fact]
    public void texts_that_were_changed_for_a_spreadsheet() => Agree(new("F", FieldType.Text), from text in Texts from sign in Any('=', '+', '-', '@')
        select new Written(Quoted($"{sign}{text}"), $"'{sign}{text}"));

    [Fact]
    public void rich_texts() => Agree(new("F", FieldType.Text, Detail: FieldDetail.RichText), from text in Texts from cut in Gen.Int[0, 600]
        select new Written(Quoted(text), text[..Math.Min(cut, text.Length)]), isCertain: false);

    [Fact]
    public void choices_that_are_shown_and_stored_under_two_names()
    {
        string[] shown = ["Fresh", "Old", "Twice", "Other"], stored = ["New", "Old", "2", "Twice"];
        var spellings = new Dictionary<string, string?> { ["New"] = "Fresh", ["2"] = "Twice", ["Twice"] = null };
        Agree(new("F", FieldType.Text, Spellings: spellings, Detail: FieldDetail.Picklist), from at in Gen.Int[0, 2] from json in Gen.Bool from cell in Gen.Bool
            select new Written(Quoted(json ? shown[at] : stored[at]), cell ? shown[at] : stored[at]));
        // Where one name stands for two choices, answers go by what is shown, and a cell says nothing.
        Agree(new("F", FieldType.Text, Spellings: spellings, Detail: FieldDetail.Picklist), Gen.Const(new Written(Quoted("Twice"), "Twice")), isCertain: false);
    }

    [Fact]
    public void several_choices_with_any_separator_and_separators_within()
    {
        string[] choices = ["A", "B", "A, B", "B;C", "C", "D, E; F", "Shown"];
        var field = new LeadField("F", FieldType.Set, [.. choices, "Stored"], new Dictionary<string, string?> { ["Stored"] = "Shown" });
        Agree(field, from chosen in Any([.. choices, "gone", "gone, too"]).Array[0, 4] from separator in Any(";", ",", "; ", ", ", "|") from stored in Gen.Bool
            let members = chosen.Distinct().ToList()
            select new Written(JsonSerializer.Serialize(members), string.Join(separator, members.Select(member => stored && member == "Shown" ? "Stored" : member))));
    }

    [Fact]
    public void tags() => Agree(new("F", FieldType.Set), from tags in Any("vip", "hot", "Zürich", "a, b", "expo 2025").Array[0, 4]
        select new Written(JsonSerializer.Serialize(tags.Distinct().Select(tag => new { name = tag, id = "1" })), string.Join(',', tags.Distinct())));

    [Fact]
    public void territories() => Agree(new("F", FieldType.Set, Detail: FieldDetail.Ids), from ids in Gen.Long[100, 999].Array[0, 3] from named in Gen.Bool
        select new Written(JsonSerializer.Serialize(ids.Distinct().Select(id => new { Name = $"T {id}", id = $"{id}" })), string.Join(',', ids.Distinct().Select(id => named ? $"T {id}" : $"{id}"))));

    [Fact]
    public void references() => Agree(new("F", FieldType.Reference), from id in Gen.Long[1, long.MaxValue] from cell in Any("{0}", "zcrm_{0}", "Name {0}", "")
        select cell == "" ? new Written("null", " ") : new Written($$"""{"name":"Name {{id}}","id":"{{id}}"}""", string.Format(CultureInfo.InvariantCulture, cell, id)));

    [Fact]
    public void numbers() => Agree(new("F", FieldType.Numeric), from whole in Gen.Long[-9_999_999_999, 9_999_999_999] from scale in Gen.Int[0, 8]
        let number = whole / (decimal)Math.Pow(10, scale)
        from json in Any("R", "0.00#######", "\\\"R\\\"")
        from cell in Any("0.########", "0.00######", "#,##0.########", "#,##0.00######", "0.########' %'", "'$' #,##0.00######", "0.########' EUR'", "+0.########;-0.########", "(0.########)", "de")
        select new Written(Number(number, json), Cell(number, cell)));

    [Fact]
    public void numbers_of_any_length() => Agree(new("F", FieldType.Numeric), from digits in Gen.Char['0', '9'].Array[1, 3000] from point in Gen.Int[0, 3000] from zeros in Gen.Int[0, 5]
        let text = new string(digits)
        let number = point < text.Length ? $"{text[..point]}.{text[point..]}" : text
        select new Written($"\"{number}\"", number + (number.Contains('.') ? new string('0', zeros) : "")));

    [Fact]
    public void whole_numbers() => Agree(new("F", FieldType.Integer), from number in Gen.Long from cell in Any("0", "0.00", "#,##0", "+0;-0")
        select new Written($"{number}", number.ToString(cell, CultureInfo.InvariantCulture)));

    [Fact]
    public void booleans() => Agree(new("F", FieldType.Boolean), from flag in Gen.Bool from words in Any("true,false", "TRUE,False", "Yes,No", "1,0", "on,off", "t,f", "Checked,Unchecked", "ja,nein")
        select new Written(flag ? "true" : "false", words.Split(',')[flag ? 0 : 1]));

    [Fact]
    public void instants() => Agree(new("F", FieldType.DateTime), from seconds in Gen.Long[0, DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond] from json in Any(Offsets) from cell in Any([.. Offsets, ""])
        from separator in Any('T', ' ') from fraction in Any("", ".0", ".000000")
        select new Written(Quoted(Instant(seconds, json, 'T', "")), Instant(seconds, cell, separator, fraction)));

    [Fact]
    public void days() => Agree(new("F", FieldType.Date), from day in Gen.Int[0, DateOnly.MaxValue.DayNumber] from cell in Any("{0}", "{0}T00:00:00Z", "{0} 00:00:00", "{0}T00:00:00-07:00", " {0}")
        let date = DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        select new Written(Quoted(date), string.Format(CultureInfo.InvariantCulture, cell, date)));

    [Fact]
    public void no_value() => Agree(new("F", FieldType.Text), from json in Any("null", "\"\"", "[]") from cell in Any("", " ", "\t", "\u00A0")
        select new Written(json, cell));

    private static Gen<string> Texts => Any("a", "é", "\n", " ", ",", ";", "\"", "&", "<b>", "'", "0", "👩‍👩‍👧", "\u2028", "-").Array[0, 30].Select(parts => string.Concat(parts));

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static void Agree(LeadField field, Gen<Written> values, bool? isCertain = null) => values.Sample(written =>
    {
        var json = ZohoJson.Parse(Encoding.UTF8.GetBytes(written.Json))!.Value;
        LeadJson.TryCanonical(field, json, out var fromJson).ShouldBeTrue($"{written.Json} is a value");

        var read = CellValue.TryRead(field, Encoding.UTF8.GetBytes(written.Cell), new byte[FieldValue.ScratchSize], out var bytes);
        if (isCertain is { } expected)
            read.ShouldBe(expected);
        if (read)
            Encoding.UTF8.GetString(bytes).ShouldBe(fromJson ?? "", $"cell {written.Cell}, JSON {written.Json}");
    }, iter: 500);

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static string Ends(string text, bool crLf) => crLf ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;

    private static string Number(decimal number, string format) => format switch
    {
        "R" => number.ToString(CultureInfo.InvariantCulture),
        "\\\"R\\\"" => $"\"{number.ToString(CultureInfo.InvariantCulture)}\"",
        _ => number.ToString(format, CultureInfo.InvariantCulture),
    };

    private static string Cell(decimal number, string format) => format switch
    {
        "(0.########)" => number < 0 ? $"({-number})" : $"{number}",
        "de" => number.ToString("#,##0.00######", CultureInfo.InvariantCulture).Replace(',', '\0').Replace('.', ',').Replace('\0', '.'),
        _ => number.ToString(format, CultureInfo.InvariantCulture),
    };

    private static string Instant(long seconds, string offset, char separator, string fraction)
    {
        var shift = offset switch { "-07:00" => -7 * 3600, "+05:30" => 19_800, "+1400" => 14 * 3600, "-12" => -12 * 3600, _ => 0 };
        var local = Math.Clamp(seconds + shift, 0, DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond);
        // At the ends of time the local one would be in no year that .NET knows.
        return local == seconds + shift
            ? new DateTime(local * TimeSpan.TicksPerSecond).ToString($"yyyy-MM-dd'{separator}'HH:mm:ss", CultureInfo.InvariantCulture) + fraction + offset
            : new DateTime(seconds * TimeSpan.TicksPerSecond).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
