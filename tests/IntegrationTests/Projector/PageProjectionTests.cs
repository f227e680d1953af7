using System.IO.Compression;
using LeadSync.Contracts;
using LeadSync.Projector.BulkPages;

namespace LeadSync.IntegrationTests.Projector;

/// <summary>The effect of a bulk page on the view.</summary>
public sealed class PageProjectionTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    private const string Header = "Id,Modified_Time,Last_Name,Annual_Revenue,Colors,Converted__s,Last_Activity_Time,No_of_Employees";
    private static readonly DateTimeOffset Created = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);
    private static long blocks;

    // Each test has ids of its own.
    private readonly long first = Interlocked.Add(ref blocks, 1_000_000);

    [Fact]
    public async Task a_page_fills_the_view_with_typed_columns()
    {
        (await Project($"{Header}\n{first},2026-08-15T12:00:00+02:00,\"Döe, \"\"J\"\"\",1500.50,\"Blue,Red, "
            + "dark\",true,2026-08-15T09:00:00Z,12\n", 1))
            .ShouldBe((1, 0, 0));

        (await projector.Row("select modified_time, last_name, annual_revenue, colors, converted__s, last_activity_time, no_of_employees "
            + "from legacy.leads where id = $1", $"{first}"))
            .ShouldBe(new object[]
            {
                new DateTime(2026, 8, 15, 10, 0, 0, DateTimeKind.Utc), "Döe, \"J\"", 1500.5m, "Blue;Red, dark", true,
                new DateTime(2026, 8, 15, 9, 0, 0, DateTimeKind.Utc), 12L,
            });
    }

    [Fact]
    public async Task a_page_in_which_nothing_changed_writes_no_event_and_touches_no_row()
    {
        var page = Page(rows: 2_500, changed: _ => false);
        await Project(page, 2_500);
        var before = await Fingerprint();

        (await Project(page, 2_500)).ShouldBe((0, 2_500, 0));

        (await Fingerprint()).ShouldBe(before);
    }

    [Fact]
    public async Task only_rows_that_changed_are_events()
    {
        await Project(Page(2_500, _ => false), 2_500);
        (await Project(Page(2_500, row => row % 10 == 0), 2_500)).ShouldBe((250, 2_250, 0));
        (await projector.Value<long>("select count(*) from legacy.leads where last_name = 'changed' and id between $1 "
            + "and $2", $"{first}", $"{first + 2_500}")).ShouldBe(250);
    }

    [Fact]
    public async Task a_bad_row_is_parked_with_its_line_its_lead_is_to_be_read_and_the_others_go_on()
    {
        var page =
            $"{Header}\n{first},2026-08-15T12:00:00Z,a,,,,,\n{first + 1},yesterday,b,,,,,\n{first + 2},2026-08-15T12:00:00Z,c,,,,,\n";

        (await Project(page, 3)).ShouldBe((2, 0, 1));

        (await projector.Row("select line, reason from parking.parked where lead_id = $1", $"{first + 1}"))
            .ShouldBe(new object[] { 3L, "The cell of Modified_Time is not an instant with an offset." });
        (await projector.Value<long>("select count(*) from legacy.leads where id in ($1, $2)", $"{first}", $"{first + 2}")).ShouldBe(2);
        projector.LastOutcome!.ToRead.ShouldBe([$"{first + 1}"]);
    }

    [Fact]
    public async Task a_cell_that_says_nothing_for_certain_leaves_what_is_known_and_its_lead_is_read_once()
    {
        string Row(int second, string time) => $"{Header}\n{first},2026-08-15T12:00:0{second}Z,a,,,,{time},\n";
        await Project(Row(0, "31/12/2026"), 1);
        projector.LastOutcome!.ToRead.ShouldBe([$"{first}"]);
        // The gateway could not read the lead, so it still has to.
        (await Project(Row(0, "31/12/2026"), 1)).ShouldBe((0, 1, 0));
        projector.LastOutcome!.ToRead.ShouldBe([$"{first}"]);

        await projector.Fold(new LeadChanged($"{first}", Source.BulkPage, Created.AddMinutes(1), new LeadContent(
            new DateTimeOffset(2026, 8, 15, 12, 0, 0, TimeSpan.Zero), ProjectorParts.FieldSet,
            new Dictionary<string, string?>
            {
                ["Last_Name"] = "a", ["Last_Activity_Time"] = "2026-12-31T00:00:00Z", ["Converted__s"] = null, ["Annual_Revenue"] = null,
                ["Colors"] = null, ["No_of_Employees"] = null
            })));
        var before = await Fingerprint();
        (await Project(Row(0, "31/12/2026"), 1, Created.AddMinutes(5))).ShouldBe((0, 1, 0));
        projector.LastOutcome!.ToRead.ShouldBeEmpty();
        (await projector.Value<DateTime>("select last_activity_time from legacy.leads where id = $1", $"{first}"))
            .ShouldBe(new DateTime(2026, 12, 31, 0, 0, 0, DateTimeKind.Utc));
        (await Fingerprint()).Split('|')[2].ShouldBe(before.Split('|')[2]);

        (await Project(Row(1, "31/12/2026"), 1, Created.AddMinutes(10))).ShouldBe((1, 0, 0));
        projector.LastOutcome!.ToRead.ShouldBe([$"{first}"]);
    }

    [Fact]
    public async Task a_value_that_does_not_fit_is_listed_while_the_rest_of_its_lead_goes_on_and_goes_when_one_fits()
    {
        LeadChanged Change(int second, string name, string employees) => new(
            $"{first}", Source.Notification, Created.AddSeconds(second),
            new(
                Created.AddSeconds(second), ProjectorParts.FieldSet,
                new Dictionary<string, string?> { ["Last_Name"] = name, ["No_of_Employees"] = employees }));
        async Task<string?> Listed() =>
            (string?)(
                await projector.Row("select concat_ws('|', kind, lead_id, reason) from parking.parked where lead_id = $1", $"{first}"))?[0];

        await projector.Fold(Change(0, "a", "many"));
        (await Listed()).ShouldBe($"value|{first}|No_of_Employees does not hold a value of type Integer.");
        (await projector.Value<string>("select last_name from legacy.leads where id = $1 and no_of_employees is null", $"{first}"))
            .ShouldBe("a");

        await projector.Fold(Change(1, "b", "more"));
        (await Listed()).ShouldNotBeNull();
        await projector.Fold(Change(1, "b", "12"));

        (await Listed()).ShouldBeNull();
        (await projector.Value<long>("select no_of_employees from legacy.leads where id = $1", $"{first}")).ShouldBe(12);
    }

    [Fact]
    public async Task a_lead_that_was_parked_is_not_taken_for_seen_alive()
    {
        await projector.Fold(new LeadChanged($"{first}", Source.Notification, Created.AddMinutes(-20), null, Created.AddMinutes(-20)));
        (await Project($"{Header}\n{first},yesterday,a,,,,,\n", 1)).ShouldBe((0, 0, 1));
        await projector.Fold(
            Late(first, "corrected", Created.AddMinutes(5)),
            Late(first + 1, "another", Created.AddMinutes(-5)));

        (await projector.Value<string>("select last_name from legacy.leads where id = $1", $"{first}")).ShouldBe("corrected");
        (await projector.Value<long>("select count(*) from legacy.deleted_leads where id = $1", $"{first}")).ShouldBe(0);

        static LeadChanged Late(long id, string name, DateTimeOffset at) => new(
            $"{id}", Source.Notification, at, new(at, ProjectorParts.FieldSet, new Dictionary<string, string?> { ["Last_Name"] = name }));
    }

    [Fact]
    public async Task a_column_that_is_missing_is_unknown_and_what_is_known_of_it_stays()
    {
        await Project($"{Header}\n{first},2026-08-15T12:00:00Z,before,5,Red,false,,3\n", 1);
        await Project($"Id,Modified_Time,Last_Name\n{first},2026-08-15T12:00:01Z,after\n{first + 1},2026-08-15T12:00:01Z,new\n", 2);

        (await projector.Row("select last_name, annual_revenue, colors, no_of_employees from legacy.leads where id = $1", $"{first}"))
            .ShouldBe(new object[] { "after", 5m, "Red", 3L });
        (await projector.Row("select last_name, annual_revenue from legacy.leads where id = $1", $"{first + 1}"))
            .ShouldBe(new object?[] { "new", null });
    }

    [Fact]
    public async Task a_page_with_another_row_count_than_zoho_says_is_taken_when_a_second_file_says_the_same()
    {
        var run = Guid.NewGuid();
        Task Read(int rows, string job) => projector.Project(Ready(rows) with { RunId = run, JobId = job }, Zip(Page(3, _ => false)));

        (await Should.ThrowAsync<PageRejectedException>(() => Read(4, "1"))).Message.ShouldStartWith(
            "the file has 3 rows where Zoho counts 4");
        // The same file again brings nothing new, and neither does a file with another difference in its count.
        await Should.ThrowAsync<PageRejectedException>(() => Read(4, "1"));
        await Should.ThrowAsync<PageRejectedException>(() => Read(2, "2"));
        (await projector.Value<long>("select count(*) from projector.leads where id = $1", $"{first}")).ShouldBe(0);

        await Read(2, "3");
        projector.LastOutcome!.Difference.ShouldBe(1);
        (await projector.Value<long>("select count(*) from legacy.leads where id = $1", $"{first}")).ShouldBe(1);
    }

    [Fact]
    public async Task a_page_without_rows_is_a_page() => (await projector.Project(Ready(0), null)).ShouldBe((0, 0, 0));

    [Fact]
    public async Task a_lead_twice_in_a_page_is_folded_like_any_two_observations()
    {
        (await Project($"{Header}\n{first},2026-08-15T12:00:01Z,newer,,,,,\n{first},2026-08-15T12:00:00Z,older,,,,,\n", 2))
            .ShouldBe((1, 1, 0));
        (await projector.Value<string>("select last_name from legacy.leads where id = $1", $"{first}")).ShouldBe("newer");
    }

    [Fact]
    public async Task an_answer_from_before_the_page_cannot_undo_what_the_page_confirmed()
    {
        var page = $"{Header}\n{first},2026-08-15T12:00:00Z,a,,,,,\n";
        await Project(page, 1);
        await Project(page, 1, Created.AddMinutes(10));

        await projector.Fold(new LeadChanged($"{first}", Source.Notification, Created.AddMinutes(5), null, Created.AddMinutes(4)));

        (await projector.Value<long>("select count(*) from legacy.leads where id = $1", $"{first}")).ShouldBe(1);
    }

    [Fact]
    public async Task a_row_of_a_lead_that_was_found_gone_meanwhile_is_named()
    {
        var page = $"{Header}\n{first},2026-08-15T12:00:00Z,a,,,,,\n{first + 1},2026-08-15T12:00:00Z,b,,,,,\n";
        await Project(page, 2, Created.AddMinutes(-10));
        await projector.Fold(new LeadChanged($"{first}", Source.Notification, Created.AddSeconds(0.5), null, Created));

        await Project(page, 2);

        projector.LastOutcome!.ToRead.ShouldBe([$"{first}"]);
        (await projector.Value<long>("select count(*) from legacy.leads where id = $1", $"{first}")).ShouldBe(0);
    }

    private string Page(int rows, Func<int, bool> changed) => $"{Header}\n" + string.Concat(Enumerable.Range(0, rows).Select(row =>
        $"{first + row},2026-08-15T12:00:0{(changed(row) ? 1 : 0)}Z,{(changed(row) ? "changed" : "same")},{row}.50,,false,,{row}\n"));

    private Task<(int Applied, int Unchanged, int Parked)> Project(string csv, int rows, DateTimeOffset? created = null) =>
        projector.Project(Ready(rows) with { CreatedTime = created ?? Created }, Zip(csv));

    private static MemoryStream Zip(string csv)
    {
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = new StreamWriter(archive.CreateEntry("1.csv").Open());
            entry.Write(csv);
        }

        zip.Position = 0;
        return zip;
    }

    private static BulkPageReady Ready(int rows) =>
        new(Guid.NewGuid(), 1, $"{Interlocked.Increment(ref blocks)}", Created, rows, false, null, ProjectorParts.FieldSet);

    private Task<string> Fingerprint() => projector.Value<string>("""
        select concat_ws('|', (select md5(string_agg(concat(xmin, l), '' order by id)) from legacy.leads l),
            (select md5(string_agg(concat(xmin, l), '' order by id)) from projector.leads l),
            (select count(*) from projector.mt_events))
        """);
}
