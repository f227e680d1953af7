using System.Text;
using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Projector.BulkPages;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;

namespace LeadSync.UnitTests.Projector;

public sealed class PageReaderTests
{
    private static readonly SyncedField[] Fields =
    [
        Field("Annual_Revenue", FieldType.Numeric),
        Field("Last_Activity_Time", FieldType.DateTime),
        Field("Last_Name", FieldType.Text),
        Field("Tag", FieldType.Set),
    ];

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
        rows.Select(row => row.Fields["Last_Name"]).ShouldBe(["a, \"b\"\r\nc ", "d"]);
        rows[1].Line.ShouldBe(4);
    }

    [Fact]
    public async Task a_bad_cell_names_its_column_and_line_and_the_other_rows_go_on()
    {
        var rows = await Rows("Id,Modified_Time,Annual_Revenue\n1,2026-08-15T14:20:00Z,5\n2,2026-08-15T14:20:00Z,much\n3,yesterday,5\n4,2026-08-15T14:20:00Z\n5,2026-08-15T14:20:00Z,6\n");
        rows.Select(row => (row.Line, row.Problem)).ShouldBe(
        [
            (2, null),
            (3, "The cell of Annual_Revenue is not a value of type Numeric."),
            (4, "The cell of Modified_Time is not an instant with an offset."),
            (5, "The row has 2 cells, the header 3."),
            (6, null),
        ]);
    }

    [Theory]
    [InlineData("Modified_Time,Last_Name\n", "no column Id")]
    [InlineData("Id,Last_Name\n", "no column Modified_Time")]
    [InlineData("Id,Modified_Time,Last_Name,last_name\n", "Last_Name twice")]
    [InlineData("<html><body>Sorry</body></html>\n", "no column Id")]
    public async Task a_header_that_cannot_be_bound_rejects_the_page(string csv, string reason) =>
        (await Should.ThrowAsync<PageRejectedException>(() => Rows(csv))).Message.ShouldContain(reason);

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
                ? JsonDocument.Parse(reader.Observation(DateTimeOffset.UnixEpoch, default).Event).RootElement.GetProperty("Fields")
                    .EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString())
                : [];
            rows.Add(new(reader.Line, reader.Id, reader.ModifiedTime, reader.Hash, reader.Problem, fields));
        }

        return rows;
    }

    private static SyncedField Field(string name, FieldType type) => new(new LeadField(name, type), new Column(name, type));

    private sealed record Row(
        long Line, string Id, DateTimeOffset ModifiedTime, Guid Hash, string? Problem, Dictionary<string, string?> Fields);
}
