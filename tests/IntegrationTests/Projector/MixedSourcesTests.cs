using System.IO.Compression;
using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using LeadSync.Projector.Rebuilds;

namespace LeadSync.IntegrationTests.Projector;

/// <summary>
/// Pages, live changes and deletions in any order, some of them late or impossible to apply, compared with the pure fold.
/// </summary>
public sealed class MixedSourcesTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    private const int Leads = 30;
    private static readonly DateTimeOffset Start = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, Lead> expected = [];
    private readonly List<(DateTimeOffset At, HashSet<string> Ids)> sightings = [];
    private readonly Guid run = Guid.NewGuid();
    private int pages;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task first_loads_folds_and_rebuilds_give_what_the_pure_fold_gives(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 12; round++)
        {
            await Page(random, $"{seed}");
            for (var i = 0; i < 8; i++)
                await Live(random, $"{seed}");
        }

        foreach (var (id, lead) in expected)
        {
            var row = await projector.Row("""
                select (select last_name from legacy.leads where id = $1), (select modified_time from legacy.leads where id = $1),
                    (select deleted_at from legacy.deleted_leads where id = $1)
                """, id);
            (row![0], row[1], row[2]).ShouldBe(lead.IsAlive
                ? (lead.Content!.Fields!["Last_Name"], lead.Content.ModifiedTime.UtcDateTime, null)
                : (null, null, lead.Absence?.DeletedAt.UtcDateTime), id);
        }

        (await projector.Rebuild.Run(new RebuildView(Guid.NewGuid()), new(TimeProvider.System), Stop))!.Differences.ShouldBe(0);
        (await projector.Part<ViewCheck>().Check(Stop)).ShouldBe(0);
    }

    private async Task Live(Random random, string seed)
    {
        var (id, observed) = (Id(random, seed), Start.AddSeconds(random.Next(200)));
        if (random.Next(4) == 0)
        {
            await projector.Fold(new LeadChanged(id, Source.CatchUp, observed, null, observed));
            Expect(id, observed, lead => lead.Observe(new Absence(observed, observed)));
        }
        else
        {
            var (modified, fields) = (Start.AddSeconds(random.Next(200)), Fields($"n{random.Next(5)}"));
            await projector.Fold(new LeadChanged(id, Source.Notification, observed, new(modified, ProjectorParts.FieldSet, fields)));
            Expect(id, observed, lead => lead.Observe(new Content(modified, observed, Hash(fields), fields)));
        }
    }

    private async Task Page(Random random, string seed)
    {
        var created = Start.AddSeconds(random.Next(200));
        var rows = Enumerable.Range(0, Leads).Where(_ => random.Next(3) > 0)
            .Select(lead =>
                (
                    Id: $"{seed}{41508680000000 + lead}", Modified: Start.AddSeconds(random.Next(200)),
                    Name: $"n{random.Next(5)}", IsBad: random.Next(8) == 0
                )).ToArray();
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var csv = new StreamWriter(archive.CreateEntry("1.csv").Open());
            csv.Write("Id,Modified_Time,Last_Name,Annual_Revenue,Colors,Converted__s,Last_Activity_Time,No_of_Employees\n");
            foreach (var row in rows)
                csv.Write($"{row.Id},{(row.IsBad ? "yesterday" : $"{row.Modified:O}")},{row.Name},,,,,\n");
        }

        zip.Position = 0;
        await projector.Project(
            new BulkPageReady(run, ++pages, $"{seed} {pages}", created, rows.Length, false, null, ProjectorParts.FieldSet), zip);
        foreach (var row in rows.Where(row => !row.IsBad))
        {
            var content = new Content(row.Modified, created, Hash(Fields(row.Name)), Fields(row.Name));
            var known = expected.GetValueOrDefault(row.Id, Lead.Unknown);
            // A row without news is not folded, only recorded as sighted.
            if (known is not { IsAlive: true, Content: { } before } || content.ModifiedTime > before.ModifiedTime
                || (content.ModifiedTime == before.ModifiedTime && content.Hash != before.Hash))
                Expect(row.Id, created, lead => lead.Observe(content));
        }

        sightings.Add((created, [.. rows.Where(row => !row.IsBad).Select(row => row.Id)]));
    }

    private void Expect(string id, DateTimeOffset observed, Func<Lead, Lead> fold)
    {
        var known = expected.GetValueOrDefault(id, Lead.Unknown);
        var later = sightings.Where(sighting => sighting.At > observed && sighting.Ids.Contains(id))
            .Select(sighting => (DateTimeOffset?)sighting.At).Max();
        expected[id] = fold(known.Confirm(later));
    }

    private static string Id(Random random, string seed) => $"{seed}{41508680000000 + random.Next(Leads)}";

    private static Dictionary<string, string?> Fields(string name) => new()
    {
        ["Last_Name"] = name, ["Annual_Revenue"] = null, ["Colors"] = null, ["Converted__s"] = null, ["Last_Activity_Time"] = null,
        ["No_of_Employees"] = null,
    };

    private static Guid Hash(Dictionary<string, string?> fields) => ContentHash.Of(fields);
}
