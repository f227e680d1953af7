using System.Text;
using LeadSync.Contracts;
using LeadSync.Projector.BulkPages;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;

namespace LeadSync.UnitTests.Projector.BulkPages;

public sealed class PageReaderTests
{
    private static readonly FieldSet Fields = new(1,
    [
        Field("Annual_Revenue", FieldType.Numeric),
        Field("Last_Activity_Time", FieldType.DateTime),
        Field("Last_Name", FieldType.Text),
        Field("Tag", FieldType.Set),
    ]);

    [Fact]
    public async Task columns_are_found_by_name_in_any_order_and_case_after_a_byte_order_mark()
    {
        var row = (await Rows("\uFEFFTAG,last_name,ID,Extra,annual_revenue,Modified_Time,Last_Activity_Time\r\n"
            + "\"hot,vip\",Doe,1,x,1500.50,2026-08-15T14:20:00+02:00,2026-08-15T07:00:00-05:00\r\n")).Single();
        row.Id.ShouldBe("1");
        row.ModifiedTime.ShouldBe(new DateTimeOffset(2026, 8, 15, 12, 20, 0, TimeSpan.Zero));
        row.Fields.ShouldBe(new Dictionary<string, string?>
        {
            ["Annual_Revenue"] = "1500.5",
            ["Last_Activity_Time"] = "2026-08-15T12:00:00Z",
            ["Last_Name"] = "Doe",
            ["Tag"] = "hot;vip",
        });
    }

    [Fact]
    public async Task line_breaks_quotes_and_commas_inside_quotes_are_kept()
    {
        var rows = await Rows("Id,Modified_Time,Last_Name\n1,2026-08-15T14:20:00Z,\"a, \"\"b\"\"\r\nc \"\n2,2026-08-15T14:20:00Z,d\n");
        rows.Select(row => row.Fields["Last_Name"]).ShouldBe(["a, \"b\"\nc ", "d"]);
        rows[1].Line.ShouldBe(4);
    }

    [Theory]
    [InlineData(";")]
    [InlineData("\t")]
    [InlineData("|")]
    public async Task the_header_shows_which_separator_the_file_has(string separator)
    {
        string[] lines =
        [
            "\"Id\",Modified_Time,Last_Name", "1,2026-08-15T14:20:00Z,\"a, b; c\td|\ne\"", "2,2026-08-15T14:20:00Z,\"closed\"too late",
            "3,2026-08-15T14:20:00Z,f",
        ];
        var csv = string.Join('\n', lines).Replace("a, b", "a COMMA b", StringComparison.Ordinal)
            .Replace(",", separator, StringComparison.Ordinal).Replace("a COMMA b", "a, b", StringComparison.Ordinal);

        var rows = await Rows(csv + "\n");

        rows.Select(row => (row.Id, row.Problem)).ShouldBe([("1", null), ("2", "The quotes of the row do not match."), ("3", null)]);
        rows[0].Fields["Last_Name"].ShouldBe("a, b; c\td|\ne");
    }

    [Fact]
    public async Task a_bad_row_has_its_line_and_the_other_rows_go_on()
    {
        var rows = await Rows(
            "Id,Modified_Time,Annual_Revenue\n1,2026-08-15T14:20:00Z,5\n2,2026-08-15T14:20:00Z,7\n3,yesterday,5\n"
                + "4,2026-08-15T14:20:00Z\n5,2026-08-15T14:20:00Z,6\n");
        rows.Select(row => (row.Line, row.Problem)).ShouldBe(
        [
            (2, null),
            (3, null),
            (4, "The cell of Modified_Time is not an instant with an offset."),
            (5, "The row has 2 cells, the header 3."),
            (6, null),
        ]);
    }

    [Theory]
    [InlineData("Modified_Time,Last_Name\n", "no column Id")]
    [InlineData("Id,Last_Name\n", "no column Modified_Time")]
    [InlineData("Id,\"Modified_Time\n", "column")]
    [InlineData("<html><body>Sorry</body></html>\n", "no column Id")]
    public async Task a_header_without_a_required_column_rejects_the_page(string csv, string reason) =>
        (await Should.ThrowAsync<PageRejectedException>(() => Rows(csv))).Message.ShouldContain(reason);

    [Theory]
    [InlineData("much", true)]
    [InlineData("1,500", true)]
    [InlineData(" ", false)]
    public async Task a_cell_that_can_mean_two_values_is_unknown_and_the_lead_has_to_be_read(string cell, bool isUnknown)
    {
        var row = (await Rows($"Id,Modified_Time,Annual_Revenue,Last_Name\n1,2026-08-15T14:20:00Z,\"{cell}\",Doe\n")).Single();

        row.Unread.ShouldBe(isUnknown ? ["Annual_Revenue"] : []);
        row.Fields.ShouldBe(new Dictionary<string, string?> { ["Last_Name"] = "Doe" });
    }

    [Fact]
    public async Task names_that_differ_in_case_only_are_two_columns_and_one_that_is_there_twice_is_unknown()
    {
        (await Rows("Id,Modified_Time,modified_time,last_name,Last_Name\n1,2026-08-15T14:20:00Z,never,doe,Doe\n"))
            .Single().Fields["Last_Name"].ShouldBe("Doe");
        (await Rows("Id,Modified_Time,Last_Name,Last_Name\n1,2026-08-15T14:20:00Z,doe,Doe\n")).Single().Fields.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2,2026-08-15T14:20:00Z,\"He said \"I\" will call\"\n")]
    [InlineData("2,2026-08-15T14:20:00Z,\"never closed\n")]
    [InlineData("2,2026-08-15T14:20:00Z,\"never closed\nbut longer\n\n")]
    [InlineData("2,2026-08-15T14:20:00Z,\"closed\"too late\n")]
    public async Task a_row_with_wrong_quotes_is_one_bad_row(string bad)
    {
        var good = string.Concat(
            Enumerable.Range(10, 500).Select(id =>
                $"{id},2026-08-15T14:20:00Z,{(id % 3 == 0 ? "\"a, b\nc\"" : id % 7 == 0 ? "\"\"" : "plain")}\n"));
        var rows = await Rows($"Id,Modified_Time,Last_Name\n1,2026-08-15T14:20:00Z,x\n{bad}{good}3,2026-08-15T14:20:00Z,\"y\"\n");

        rows.Count.ShouldBe(503);
        rows.Where(row => row.Problem is not null).Select(row => (row.Id, row.Line, row.Problem))
            .ShouldBe([("2", 3, "The quotes of the row do not match.")]);
        rows[^1].Fields["Last_Name"].ShouldBe("y");
    }

    [Fact]
    public async Task a_lone_quote_in_a_cell_without_quotes_is_a_quote() =>
        (await Rows("Id,Modified_Time,Last_Name\n1,2026-08-15T14:20:00Z,5\" pipe\n")).Single().Fields["Last_Name"].ShouldBe("5\" pipe");

    [Fact]
    public async Task an_empty_file_has_no_rows() => (await Rows("")).ShouldBeEmpty();

    [Fact]
    public async Task a_row_has_the_fingerprint_that_the_same_lead_has_when_it_comes_by_notification()
    {
        var row = (await Rows("Id,Modified_Time,Last_Name,Annual_Revenue,Tag\n1,2026-08-15T14:20:00Z,\"Döe\",7.0,\"b,a\"\n")).Single();
        row.Hash.ShouldBe(ContentHash.Of(new Dictionary<string, string?>
        {
            ["Tag"] = "a;b",
            ["Last_Name"] = "Döe",
            ["Annual_Revenue"] = "7",
            ["Last_Activity_Time"] = null,
        }));
    }

    private static async Task<List<Row>> Rows(string csv)
    {
        var ct = TestContext.Current.CancellationToken;
        using var reader = await PageReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(csv)), Fields, ct);
        var rows = new List<Row>();
        while (await reader.Read(ct))
        {
            var fields = reader.Problem is null
                ? reader.Observation(DateTimeOffset.UnixEpoch, default).Content!.Fields!.ToDictionary()
                : [];
            rows.Add(new(reader.Line, reader.Id, reader.ModifiedTime, reader.Hash, reader.Problem, fields, [.. reader.Unread]));
        }

        return rows;
    }

    private static SyncedField Field(string name, FieldType type) => new(new LeadField(name, type), new Column(name, type));

    private sealed record Row(
        long Line, string Id, DateTimeOffset ModifiedTime, Guid Hash, string? Problem, Dictionary<string, string?> Fields, string[] Unread);
}
