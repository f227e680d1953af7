using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Rebuilds;

/// <summary>
/// A rebuild that is killed in any phase leaves the served view unchanged, and the next rebuild starts from the beginning.
/// </summary>
public sealed class KilledRebuildTests(RebuildParts view) : IClassFixture<RebuildParts>
{
    private static readonly int Kills = TestForm.IsLong ? 10 : 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("starting", SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [InlineData("folding")]
    [InlineData("indexing", SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [InlineData("comparing", SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [InlineData("waiting for readers")]
    public async Task a_killed_rebuild_changes_nothing_for_readers_and_leaves_nothing_for_the_next(string phase)
    {
        await Fill();
        await view.Rebuild();
        var (rows, version, tables) = (await view.Rows(), await view.Version(), await Tables());
        await using var reader = await view.Projector.Database.OpenConnectionAsync(Stop);
        await using var reading = await reader.BeginTransactionAsync(Stop);
        await RebuildParts.Execute(reader, "select count(*) from legacy.leads");

        // The reader keeps the rebuild from ending before the test kills it.
        using (var killed = await Begin())
        {
            await view.Reaches(phase);
            await killed.Kill();
        }

        (await view.Rows(), await view.Version()).ShouldBe((rows, version));
        await reading.CommitAsync(Stop);
        await view.Rebuild();
        (await view.Rows()).ShouldBe(rows);
        (await view.Version()).ShouldNotBe(version);
        (await Tables()).ShouldBe(tables, "the served version and the one before it, nothing else");
    }

    [Fact]
    public async Task after_a_kill_at_any_moment_the_view_is_whole_and_the_version_before_can_be_restored()
    {
        await Fill();
        var rows = await view.Rows();
        var random = new Random(4);
        for (var i = 0; i < Kills; i++)
        {
            using var killed = await Begin();
            await view.Reaches("starting");
            await Task.WhenAny(killed.Exit(), Task.Delay(TimeSpan.FromMilliseconds(random.Next(1_500)), TimeProvider.System, Stop));
            if (!killed.HasExited)
                await killed.Kill();

            (await view.Rows()).ShouldBe(rows);
        }

        await view.Rebuild();
        using var undo = new RebuildProcess(view.Projector.Postgres, "--undo");
        (await undo.Exit()).ShouldSatisfyAllConditions(
            ended => ended.ExitCode.ShouldBe(0), ended => ended.Output.ShouldContain("It is the same as before."));
        (await view.Rows()).ShouldBe(rows);
    }

    [Fact]
    public async Task a_second_process_reports_the_running_rebuild_and_an_invalid_argument_is_named()
    {
        await view.Traffic(seed: 1, rounds: 2);
        await view.Rebuild();
        await using var reader = await view.Projector.Database.OpenConnectionAsync(Stop);
        await using var reading = await reader.BeginTransactionAsync(Stop);
        await RebuildParts.Execute(reader, "select count(*) from legacy.leads");
        using var first = await Begin();
        await view.Reaches("waiting for readers");

        using var second = new RebuildProcess(view.Projector.Postgres);
        var refused = await second.Exit();
        (refused.ExitCode, refused.Error.Trim())
            .ShouldBe((1, "Another rebuild is running: wait until it is done, then start this one again."));
        using var wrong = new RebuildProcess(view.Projector.Postgres, "--as-of", "yesterday");
        (await wrong.Exit()).ShouldSatisfyAllConditions(
            ended => ended.ExitCode.ShouldBe(2), ended => ended.Error.ShouldContain("--as-of 2026-"));

        await reading.CommitAsync(Stop);
        (await first.Exit()).ExitCode.ShouldBe(0);
    }

    private async Task<RebuildProcess> Begin()
    {
        await view.Execute("update projector.rebuilds set finished_at = now() where finished_at is null");
        return new RebuildProcess(view.Projector.Postgres);
    }

    /// <summary>So many leads that the test can kill a running rebuild.</summary>
    private Task Fill() => view.Execute("""
        with leads as (
            insert into projector.leads (id, modified_time, observed_at, content_hash, last_seen, version)
            select 9000000 + i, '2026-08-15', '2026-08-15', gen_random_uuid(), '2026-08-15', 1 from generate_series(1, 30000) i
            on conflict do nothing returning id
        ),
        streams as (
            insert into projector.mt_streams (id, version) select 'lead-' || id, 1 from leads
        ),
        events as (
            insert into projector.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            select nextval('projector.mt_events_sequence'), gen_random_uuid(), 'lead-' || id, 1,
                '{"ModifiedTime":"2026-08-15T00:00:00Z","ObservedAt":"2026-08-15T00:00:00Z","Source":"BulkPage","Fields":{}}',
                'lead_seen', now() from leads
        )
        insert into legacy.leads (id, modified_time) select id, '2026-08-15T00:00:00Z' from leads
        """);

    private Task<string> Tables() => view.Projector.Value<string>(
        "select string_agg(regexp_replace(relname, '[0-9]+', 'n'), ' ' order by relname) from pg_class "
            + "where relnamespace = 'legacy'::regnamespace and relkind = 'r'");
}
