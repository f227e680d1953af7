using LeadSync.Contracts;
using LeadSync.Projector;
using LeadSync.Projector.FirstLoad;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;

namespace LeadSync.IntegrationTests.Projector;

/// <summary>The projector copies new leads into the tables. The rows must equal those of the fold.</summary>
public sealed class NewLeadsTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    private static readonly DateTimeOffset Observed = new(2026, 8, 15, 14, 0, 0, 500, TimeSpan.Zero);
    private static readonly DateTimeOffset Modified = new(2026, 8, 15, 13, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string?> Nasty = new()
    {
        ["Annual_Revenue"] = "1500.5",
        ["Colors"] = "Blue;Red, dark",
        ["Converted__s"] = "true",
        ["Last_Activity_Time"] = "2026-08-15T09:00:00Z",
        ["Last_Name"] = "tab\tquote\" back\\slash \\N \\. two\nlines 👩‍👩‍👧‍👦 \u2028",
        ["No_of_Employees"] = null,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task copied_rows_equal_those_of_the_fold()
    {
        await projector.Fold(
            new LeadChanged("81000000000000001", Source.BulkPage, Observed, new LeadContent(Modified, ProjectorParts.FieldSet, Nasty)));
        (await Append("82000000000000001")).ShouldBeTrue();

        (await Rows("82000000000000001")).ShouldBe(await Rows("81000000000000001"));
        (await projector.History.Events("82000000000000001", Stop)).Single().Data.ShouldBeOfType<LeadSeen>().Fields["Last_Name"]
            .ShouldBe(Nasty["Last_Name"]);
    }

    [Fact]
    public async Task a_block_with_a_known_lead_writes_nothing()
    {
        await projector.Fold(new LeadChanged("83000000000000001", Source.Notification, Observed, null, Observed));

        (await Append("83000000000000000", "83000000000000001")).ShouldBeFalse();

        (await projector.Value<long>("select count(*) from projector.leads where id = '83000000000000000'")).ShouldBe(0);
        (await projector.Value<long>("select count(*) from projector.mt_events where stream_id like 'lead-8300%'")).ShouldBe(1);
    }

    [Fact]
    public async Task leads_that_change_while_they_are_appended_show_the_change()
    {
        var ids = Enumerable.Range(0, 20).Select(number => $"{84000000000000000 + number}").ToArray();
        await Task.WhenAll(
            AppendOrFold(ids),
            Task.WhenAll(ids.Select(id => projector.Fold(Change(id, Modified.AddSeconds(1), "new")))));

        (await projector.Value<long>("select count(*) from legacy.leads where id = any($1) and last_name = 'new'", (object)ids))
            .ShouldBe(20);
        (await projector.Value<bool>("""
            select bool_and(l.version = s.version and s.version = (select count(*) from projector.mt_events e where e.stream_id = s.id))
            from projector.leads l join projector.mt_streams s on s.id = 'lead-' || l.id where l.id = any($1)
            """, (object)ids)).ShouldBeTrue("registers, streams and events agree");
    }

    private async Task AppendOrFold(string[] ids)
    {
        if (!await Append(ids))
            await projector.Fold([.. ids.Select(id => Change(id, Modified, "old"))]);
    }

    private static LeadChanged Change(string id, DateTimeOffset modified, string name) => new(
        id, Source.Notification, Observed,
        new LeadContent(modified, ProjectorParts.FieldSet, new Dictionary<string, string?>(Nasty) { ["Last_Name"] = name }));

    private async Task<bool> Append(params string[] ids)
    {
        var fields = (await projector.Part<LegacyColumns>().For(ProjectorParts.FieldSet, Stop)).Fields;
        var rows = new NewLeadRows([.. fields.Select(field => field.Column)], Module.Leads);
        foreach (var id in ids)
        {
            using var seen = new LeadSeenJson();
            seen.Begin(Modified, Observed, Source.BulkPage);
            foreach (var (name, value) in Nasty.Where(field => field.Value is not null))
                seen.Field(System.Text.Json.JsonEncodedText.Encode(name), System.Text.Encoding.UTF8.GetBytes(value!));
            rows.Begin(id, Modified, Observed, ContentHash.Of(Nasty), seen.End(), default);
            foreach (var field in fields)
                rows.Value(System.Text.Encoding.UTF8.GetBytes(Nasty[field.Field.ApiName] ?? ""));
            rows.End();
        }

        return await projector.Part<NewLeads>().Append(rows, Stop);
    }

    /// <summary>All stored data of a lead, except its id, the sequence number and the time of storing.</summary>
    private Task<string> Rows(string id) => projector.Value<string>("""
        select jsonb_build_array(
            (select to_jsonb(l) - 'id' from legacy.leads l where l.id = $1),
            (select to_jsonb(r) - 'id' from projector.leads r where r.id = $1),
            (select to_jsonb(s) - 'id' - 'timestamp' - 'created' from projector.mt_streams s where s.id = 'lead-' || $1),
            (select to_jsonb(e) - 'id' - 'seq_id' - 'stream_id' - 'timestamp'
                || jsonb_build_object('stored just now', e.timestamp > now() - interval '1 minute')
             from projector.mt_events e where e.stream_id = 'lead-' || $1))::text
        """, id);
}
