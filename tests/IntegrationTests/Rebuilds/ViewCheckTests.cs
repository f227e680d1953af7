using LeadSync.Projector.Rebuilds;

namespace LeadSync.IntegrationTests.Rebuilds;

/// <summary>Once a day, the projector compares the view with the events.</summary>
public sealed class ViewCheckTests(RebuildParts view) : IClassFixture<RebuildParts>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_row_that_differs_from_the_events_is_listed_and_corrected()
    {
        await view.Traffic(seed: 11, rounds: 20);
        var (broken, lost, buried) = ("6101", "6102", "6103");
        await view.Projector.Fold(
            RebuildParts.Seen(broken, 1, 1, "right"), RebuildParts.Seen(lost, 1, 1, "right"), RebuildParts.Gone(buried, 1));
        var rows = await view.Rows();
        await view.Execute(
            "update legacy.leads set last_name = 'wrong' where id = '6101'", "delete from legacy.leads where id = '6102'",
            "insert into legacy.leads (id, modified_time) values ('6109', now())", "delete from legacy.deleted_leads where id = '6103'");

        (await view.Projector.Part<ViewCheck>().Check(Stop)).ShouldBe(4);

        (await view.Rows()).ShouldBe(rows);
        (await view.Projector.Value<string>("""
            select string_agg(concat_ws(' ', d.relation, d.id, d.difference), '|' order by d.id)
            from projector.rebuild_differences d join projector.rebuilds r on r.id = d.rebuild_id where r.kind = 'check'
            """)).ShouldBe("leads 6101 other values|leads 6102 only after|deleted_leads 6103 only after|leads 6109 only before");
        (await view.Projector.Part<ViewCheck>().Check(Stop)).ShouldBe(0);
    }
}
