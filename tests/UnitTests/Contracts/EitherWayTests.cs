using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Gateway.Zoho.Fields;
using LeadSync.UnitTests.Documentation;

namespace LeadSync.UnitTests.Contracts;

/// <summary>
/// Writes the same value as JSON and as a cell, in every possible way. Either the cell gives the canonical form of the JSON, or the cell is
/// uncertain and the JSON counts. Covers each type in the table of docs/fields.md.
/// </summary>
public sealed partial class EitherWayTests
{
    /// <summary>Every data type in Zoho's own SDKs and OpenAPI documents.</summary>
    private const string OfZoho = """
        text textarea mediumtext email phone website picklist multiselectpicklist integer bigint long double percent currency boolean date
        datetime autonumber profileimage formula rollup_summary lookup ownerlookup userlookup multiuserlookup multiselectlookup
        multi_module_lookup consent_lookup layout territories
        subform fileupload imageupload event_reminder multireminder ALARM RRULE module linetax time_range widget
        """;

    // Zoho writes -07:00. RFC 3339 and ISO 8601 allow the others.
    private static readonly string[] Offsets = ["Z", "+00:00", "-07:00", "+05:30", "+1400", "-12"];

    // The last year of PostgreSQL's timestamptz is 294276.
    private const long Days = 294_275 * 146_097L / 400;

    /// <summary>A value as JSON, and as a cell.</summary>
    private sealed record Written(string Json, string Cell);

    public static TheoryData<string> Synced => [.. Rows().Where(row => row.Column is not "–").SelectMany(row => row.Types)];

    public static TheoryData<string> NotSynced => [.. Rows().Where(row => row.Column is "–").SelectMany(row => row.Types)];

    [Theory, MemberData(nameof(Synced))]
    public void a_value_of_each_of_zohos_types_is_the_same_from_an_answer_and_from_an_export(string type)
    {
        foreach (var described in Described(type))
            Agree(Field(described), ValuesOf(described));
    }

    [Theory, MemberData(nameof(Synced))]
    public void each_of_zohos_types_has_the_column_that_the_table_says(string type)
    {
        var said = Rows().Single(row => row.Types.Contains(type)).Column;

        Described(type).Select(described => Field(described).Type.SqlType()).Distinct().ShouldBe(said.Split(", "), ignoreOrder: true);
    }

    [Theory, MemberData(nameof(NotSynced))]
    public void types_that_the_table_marks_as_not_synced_are_not(string type) =>
        LeadFieldSelection.Select([new("F", type, "jsonarray")], []).Fields.ShouldBeEmpty();

    [Fact]
    public void every_type_that_zohos_sdks_know_has_a_row() =>
        OfZoho.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Except(Rows().SelectMany(row => row.Types)).ShouldBeEmpty();

    [Fact]
    public void a_choice_that_one_stores_and_another_shows_is_what_is_shown_in_json_and_unknown_in_a_cell()
    {
        var spellings = new Dictionary<string, string?> { ["New"] = "Fresh", ["2"] = "Twice", ["Twice"] = null };
        Agree(
            new("F", FieldType.Text, Spellings: spellings, Detail: FieldDetail.Picklist), Gen.Const(new Written(Quoted("Twice"), "Twice")),
            isCertain: false);
    }

    [Fact]
    public void texts_that_were_changed_for_a_spreadsheet() =>
        Agree(new("F", FieldType.Text), from text in Texts from sign in Any('=', '+', '-', '@')
        select new Written(Quoted($"{sign}{text}"), $"'{sign}{text}"), isCertain: false);

    [Fact]
    public void texts_that_were_written_for_a_browser() => Agree(new("F", FieldType.Text), from text in Texts
        select new Written(Quoted($"{text}<"), WebUtility.HtmlEncode($"{text}<")), isCertain: false);

    [Fact]
    public void numbers_of_any_length() => Agree(
        new("F", FieldType.Numeric),
        from digits in Gen.Char['0', '9'].Array[1, 3000] from point in Gen.Int[0, 3000] from zeros in Gen.Int[0, 5]
        let text = new string(digits)
        let number = point < text.Length ? $"{text[..point]}.{text[point..]}" : text
        select new Written($"\"{number}\"", number + (number.Contains('.') ? new string('0', zeros) : "")));

    [Theory, MemberData(nameof(Synced))]
    public void an_empty_value_is_null_for_every_type(string type)
    {
        foreach (var described in Described(type).Where(described => described.TextArea != "rich_text"))
        {
            Agree(Field(described), from json in Any("null", "\"\"", "\" \"", "[]") from cell in Any("", " ", "\t", "\u00A0")
                select new Written(json, cell), isCertain: true);
        }
    }

    /// <summary>Zoho's description of fields of a type.</summary>
    private static IEnumerable<FieldDescription> Described(string type) => type switch
    {
        "textarea rich_text" => [new("F", "textarea", "string", TextArea: "rich_text")],
        "textarea" => [new("F", type, "string", TextArea: "small"), new("F", type, "string", TextArea: "large"), new("F", type)],
        "Tag" => [new("Tag", "text", "jsonarray")],
        "picklist" => [new("F", type, "string"), new("F", type, "string", Choices: Choices, Spellings: Spellings)],
        "multiselectpicklist" =>
            [new("F", type, "jsonarray", Choices: [.. Choices, .. Spellings.Keys], Spellings: Spellings), new("F", type, "jsonarray")],
        "formula" or "rollup_summary" =>
        [
            .. from result in (
                string[])["string", "integer", "long", "double", "currency", "percent", "boolean", "date",
                "datetime"] select new FieldDescription("F", type, ReturnType: result),
            .. from json in JsonTypes select new FieldDescription("F", type, json),
        ],
        "module" or "linetax" or "time_range" or "widget" or "multireminder" or "ALARM" or "RRULE" =>
            from json in JsonTypes select new FieldDescription("F", type, json),
        _ => [new("F", type)],
    };

    private static readonly string[] JsonTypes = ["string", "integer", "long", "double", "boolean", "jsonobject", "jsonarray"];

    private static readonly string[] Choices = ["A", "B", "A, B", "B;C", "C", "D, E; F", "Shown"];

    private static readonly Dictionary<string, string?> Spellings = new() { ["Stored"] = "Shown" };

    private static LeadField Field(FieldDescription described) => LeadFieldSelection.Select([described], []).Fields.ShouldHaveSingleItem();

    /// <summary>Values in the forms that Zoho or an export could write.</summary>
    private static Gen<Written> ValuesOf(FieldDescription described) => Field(described) switch
    {
        { Detail: FieldDetail.RichText } => RichTexts,
        { Detail: FieldDetail.Ids } => Territories,
        { Detail: FieldDetail.Picklist, Spellings: not null } => Picklists,
        { Type: FieldType.Set, Choices: not null } => MultiSelects,
        { Type: FieldType.Set } => Lists,
        { Type: FieldType.Reference } => References,
        { Type: FieldType.Numeric } => Numbers,
        { Type: FieldType.Integer } => WholeNumbers,
        { Type: FieldType.Boolean } => Booleans,
        { Type: FieldType.DateTime } => Instants,
        { Type: FieldType.Date } => Dates,
        _ => LinesOfText,
    };

    private static Gen<Written> LinesOfText => from text in Texts from crLf in Gen.Bool from inJson in Gen.Bool
        select new Written(Quoted(Ends(text, crLf && inJson)), Ends(text, crLf && !inJson));

    private static Gen<Written> RichTexts => from text in Texts from cut in Gen.Int[0, 600]
        select new Written(Quoted(text), text[..Math.Min(cut, text.Length)]);

    private static Gen<Written> Picklists => from choice in Any(Choices) from stored in Gen.Bool from inJson in Gen.Bool
        let other = choice == "Shown" && stored ? "Stored" : choice
        select new Written(Quoted(inJson ? other : choice), inJson ? choice : other);

    private static Gen<Written> MultiSelects => from chosen in Any([.. Choices, "gone", "gone, too"]).Array[0, 4]
        from separator in Any(";", ",", "; ", ", ", "|") from stored in Gen.Bool
        let members = chosen.Distinct().ToList()
        select new Written(
            JsonSerializer.Serialize(members),
            string.Join(separator, members.Select(member => stored && member == "Shown" ? "Stored" : member)));

    private static Gen<Written> Lists =>
        from tags in Any("vip", "hot", "Zürich", "a, b", "expo 2025").Array[0, 4] from name in Any("name", "Name", "")
        let members = tags.Distinct().ToList()
        select new Written(
            name == ""
                ? JsonSerializer.Serialize(members)
                : JsonSerializer.Serialize(members.Select(tag => new Dictionary<string, string> { [name] = tag, ["id"] = "1" })),
            string.Join(',', members));

    private static Gen<Written> Territories => from ids in Gen.Long[100, 999].Array[0, 3] from named in Gen.Bool
        let members = ids.Distinct().ToList()
        select new Written(
            JsonSerializer.Serialize(members.Select(id => new { Name = $"T {id}", id = $"{id}" })),
            string.Join(',', members.Select(id => named ? $"T {id}" : $"{id}")));

    private static Gen<Written> References => from id in Gen.Long[1, long.MaxValue] from cell in Any("{0}", "zcrm_{0}", "Name {0}", "")
        select cell == ""
            ? new Written("null", " ")
            : new Written($$"""{"name":"Name {{id}}","id":"{{id}}"}""", string.Format(CultureInfo.InvariantCulture, cell, id));

    private static Gen<Written> Numbers => from whole in Gen.Long[-9_999_999_999, 9_999_999_999] from scale in Gen.Int[0, 8]
        let number = whole / (decimal)Math.Pow(10, scale)
        from json in Any("R", "0.00#######", "\\\"R\\\"")
        from cell in Any(
            "0.########", "0.00######", "#,##0.########", "#,##0.00######", "0.########' %'", "'$' #,##0.00######", "0.########' EUR'",
            "+0.########;-0.########", "(0.########)", "de")
        select new Written(Number(number, json), Cell(number, cell));

    // A Wizard is a whole number whose JSON is an object.
    private static Gen<Written> WholeNumbers =>
        from number in Gen.Long from json in Any("{0}", "\"{0}\"", "{{\"id\":\"{0}\"}}") from cell in Any("0", "0.00", "#,##0", "+0;-0")
        select new Written(string.Format(CultureInfo.InvariantCulture, json, number), number.ToString(cell, CultureInfo.InvariantCulture));

    private static Gen<Written> Booleans => from flag in Gen.Bool from words in Any(
        "true,false", "TRUE,False", "Yes,No", "1,0", "on,off", "t,f", "Checked,Unchecked", "ja,nein")
        select new Written(flag ? "true" : "false", words.Split(',')[flag ? 0 : 1]);

    // Including years before 1970 and after 9999.
    private static Gen<Written> Instants =>
        from day in Gen.Long[0, Days] from second in Gen.Int[0, 86_399] from json in Any(Offsets) from cell in Any([.. Offsets, ""])
        from separator in Any('T', ' ') from fraction in Any("", ".5", ".123456") from zeros in Any("", "0", "000")
        select new Written(Quoted(Instant(day, second, json, 'T', fraction)),
            Instant(day, second, cell, separator, fraction == "" && zeros != "" ? $".{zeros}" : fraction + (fraction == "" ? "" : zeros)));

    private static Gen<Written> Dates => from day in Gen.Long[0, Days] from cell in Any(
        "{0}", "{0}T00:00:00Z", "{0} 00:00:00", "{0}T00:00:00-07:00", " {0}", "{0}T12:00:00Z")
        let date = Date(day)
        select new Written(Quoted(date), string.Format(CultureInfo.InvariantCulture, cell, date));

    private static Gen<string> Texts => Any("a", "é", "\n", " ", ",", ";", "\"", "&", "<b>", "'", "0", "👩‍👩‍👧", "\u2028", "-").Array[0, 30]
        .Select(parts => string.Concat(parts));

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
    }, iter: 300);

    /// <summary>The rows of the table of types.</summary>
    private static IReadOnlyList<(string[] Types, string Column)> Rows() =>
    [
        .. Documents.Text("docs/fields.md").Split('\n')
            .SkipWhile(line => !line.StartsWith("| Zoho's `data_type` |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|'))
            .Select(cells =>
                (
                    InCode().Matches(cells[1]).Select(type => type.Groups[1].Value).ToArray(),
                    cells[3].Trim().Replace("`", "", StringComparison.Ordinal)
                )),
    ];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InCode();

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

    /// <summary>A day since 0001-01-01. The calendar repeats itself every 400 years.</summary>
    private static string Date(long day)
    {
        var date = new DateTime(day % 146_097 * TimeSpan.TicksPerDay);
        return string.Create(CultureInfo.InvariantCulture, $"{date.Year + (day / 146_097 * 400):0000}-{date:MM-dd}");
    }

    private static string Instant(long day, int second, string offset, char separator, string fraction)
    {
        var shift = offset switch { "-07:00" => -7 * 3600, "+05:30" => 19_800, "+1400" => 14 * 3600, "-12" => -12 * 3600, _ => 0 };
        var local = (day * 86_400) + second + shift;
        // At the first and the last day, the local time would have no valid year.
        if (local is < 0 or >= Days * 86_400)
            (local, offset) = ((day * 86_400) + second, "Z");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Date(local / 86_400)}{separator}{new DateTime(local % 86_400 * TimeSpan.TicksPerSecond):HH:mm:ss}{fraction}{offset}");
    }
}
