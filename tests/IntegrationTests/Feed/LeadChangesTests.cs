using System.Diagnostics;
using System.Text.Json;
using Examples;
using LeadSync.Contracts;
using LeadSync.DevStack;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Truth;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.IntegrationTests.Sync;
using LeadSync.Projector.Leads;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace LeadSync.IntegrationTests.Feed;

/// <summary>The guarantees for readers of <c>legacy.lead_changes</c>.</summary>
public sealed class LeadChangesTests(RebuildParts view) : IClassFixture<RebuildParts>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_change_of_a_lead_is_a_row_with_what_changed()
    {
        const string id = "9100000000001";
        var start = await Position();
        await view.Projector.Fold(RebuildParts.Seen(id, 1, 1, "Ann", "1.5"));
        await view.Projector.Fold(RebuildParts.Seen(id, 2, 2, "Bea", null));
        await view.Projector.Fold(RebuildParts.Seen(id, 2, 3, "Bea", null));
        await view.Projector.Fold(RebuildParts.Gone(id, 4));
        await view.Projector.Fold(RebuildParts.Seen(id, 2, 5, "Bea", null));

        var changes = await Changes(id, start);
        changes.Select(change => change.Kind).ShouldBe(["created", "updated", "deleted", "restored"]);
        changes.Select(change => change.Source).ShouldBe(["Notification", "Notification", "CatchUp", "Notification"]);
        changes.Select(change => change.ModifiedTime.Second).ShouldBe([1, 2, 4, 2], "of a deletion, when the lead was deleted");
        changes[0].Changed.GetProperty("Last_Name").ToString().ShouldBe("""{"new": "Ann", "old": null}""");
        changes[0].Changed.EnumerateObject().Count().ShouldBe(5, "a field without a value has not changed");
        changes[1].Changed.ToString()
            .ShouldBe("""{"Last_Name": {"new": "Bea", "old": "Ann"}, "Annual_Revenue": {"new": null, "old": "1.5"}}""");
        changes[2].Changed.GetProperty("Last_Name").ToString().ShouldBe("""{"new": null, "old": "Bea"}""");
        changes[3].Changed.GetProperty("Last_Name").ToString().ShouldBe("""{"new": "Bea", "old": null}""");
    }

    [Fact]
    public async Task an_event_of_a_deleted_lead_that_stays_deleted_is_no_change()
    {
        const string id = "9100000000002";
        var start = await Position();
        await view.Projector.Fold(RebuildParts.Gone(id, 4));
        await view.Projector.Fold(RebuildParts.Seen(id, 1, 1, "Late"));

        (await Changes(id, start)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_later_commit_gets_a_later_position_even_if_it_appended_first()
    {
        await using var connection = await view.Projector.Database.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using var session = view.Projector.Marten.LightweightSession(SessionOptions.ForTransaction(transaction));
        var start = await Position();
        session.Events.Append("lead-9100000000003", new LeadSeen(
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Source.CatchUp,
            new Dictionary<string, string?> { ["Last_Name"] = "First" }));
        await session.SaveChangesAsync(Stop);

        await view.Projector.Fold(RebuildParts.Seen("9100000000004", 1, 1, "Second"));
        (await Changes("9100000000003", start)).ShouldBeEmpty();
        var seen = (await Changes("9100000000004", start)).Single().Position;
        await transaction.CommitAsync(Stop);

        (await Changes("9100000000003", start)).Single().Position.ShouldBeGreaterThan(seen);
    }

    [Fact]
    public async Task what_another_program_appends_within_savepoints_is_in_the_feed_unless_it_rolls_back()
    {
        await using var connection = await view.Projector.Database.OpenConnectionAsync(Stop);
        var start = await Position();
        await using (var transaction = await connection.BeginTransactionAsync(Stop))
        {
            await Append("9100000000021");
            await transaction.SaveAsync("first", Stop);
            await Append("9100000000022");
            await transaction.SaveAsync("second", Stop);
            await Append("9100000000023");
            await transaction.RollbackAsync("second", Stop);
            await Append("9100000000024");
            await transaction.CommitAsync(Stop);

            async Task Append(string id)
            {
                await using var session = view.Projector.Marten.LightweightSession(SessionOptions.ForTransaction(transaction));
                session.Events.Append($"lead-{id}", new LeadSeen(
                    DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Source.CatchUp,
                    new Dictionary<string, string?> { ["Last_Name"] = "Savepoint" }));
                await session.SaveChangesAsync(Stop);
            }
        }

        foreach (var (id, changes) in ((string, int)[])[
            ("9100000000021", 1), ("9100000000022", 1), ("9100000000023", 0), ("9100000000024", 1)])
            (await Changes(id, start)).Count.ShouldBe(changes, id);
    }

    [Fact]
    public async Task a_copy_that_is_kept_by_the_feed_is_the_view_at_the_end()
    {
        await view.Traffic(1, rounds: 5);
        await using var connection = await view.Projector.Database.OpenConnectionAsync(Stop);
        // The three statements of docs/view.md.
        await using var begin = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Stop);
        var position = (long)(await Execute(connection, "select coalesce(max(position), 0) from legacy.lead_changes"))!;
        await Execute(
            connection, "create table my_leads (like legacy.leads including all); insert into my_leads select * from legacy.leads");
        await begin.CommitAsync(Stop);

        var traffic = Task.WhenAll(Enumerable.Range(10, 4).Select(seed => view.Traffic(seed, rounds: 30)));
        var (reader, read) = (new LeadChanges(view.Projector.Postgres), new List<long>());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var following = Follow();
        await traffic;
        var last = await Position();
        await RunningSync.Until("the copy has every change of the feed", () =>
            Task.FromResult(following.IsCompleted || (read.Count > 0 && read[^1] >= last)));
        await enough.CancelAsync();
        await following;

        read.ShouldBe([.. read.Distinct().Order()], "every change arrives once, in order");
        read.Count.ShouldBe((int)await view.Projector.Value<long>(
            "select count(*) from legacy.lead_changes where position > $1 and position <= $2", position, read[^1]));
        (await view.Projector.Value<long>("""
            select count(*) from (
                (select * from my_leads except select * from legacy.leads)
                union all (select * from legacy.leads except select * from my_leads)) d
            """)).ShouldBe(0);

        async Task Follow()
        {
            try
            {
                await foreach (var change in reader.After(position, enough.Token))
                {
                    await Execute(connection, FeedCopy.Apply, change.Position);
                    read.Add(change.Position);
                }
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    [Fact]
    public async Task a_rebuild_changes_no_position_and_publishes_what_is_missing()
    {
        const string id = "9100000000005";
        var start = await Position();
        await view.Projector.Fold(RebuildParts.Seen(id, 1, 1, "Ann"));
        await view.Projector.Fold(RebuildParts.Seen(id, 2, 2, "Bea"));
        await view.Projector.Fold(RebuildParts.Seen(id, 3, 3, "Cle"));
        var before = await Changes(id, start);
        await view.Rebuild();
        (await Changes(id, start)).Select(change => change.Position).ShouldBe(before.Select(change => change.Position));

        await view.Execute($"delete from legacy.lead_change_positions where position = {before[1].Position}");
        await view.Rebuild();

        (await Changes(id, start)).Select(change => change.Changed.GetProperty("Last_Name").GetProperty("new").GetString())
            .ShouldBe(["Ann", "Cle", "Bea", "Cle"], "all changes after the missing one are published again");
    }

    [Fact]
    public async Task the_python_example_prints_every_change_at_once()
    {
        const string id = "9100000000006";
        var python = await PythonDriver.FindAsync(Console.WriteLine);
        Assert.SkipWhen(python is null, "needs python3 with psycopg: apt-get install python3-psycopg");
        var server = new NpgsqlConnectionStringBuilder(view.Projector.Postgres);
        await view.Projector.Fold(RebuildParts.Seen(id, 1, 1, "Ann"));
        var start = (await Changes(id, 0)).Single().Position - 1;

        using var example = Process.Start(new ProcessStartInfo(python, [
            Path.Combine(Repository.Root, "docs", "examples", "lead_changes.py"),
            $"host={server.Host} port={server.Port} dbname={server.Database} user={server.Username} password={server.Password}", $"{start}",
        ]) { RedirectStandardOutput = true })!;
        try
        {
            (await Next()).ShouldBe("Ann", "what was there");
            await view.Projector.Fold(RebuildParts.Seen(id, 2, 2, "Bea"));
            (await Next()).ShouldBe("Bea", "what comes");
        }
        finally
        {
            example.Kill();
        }

        async Task<string?> Next()
        {
            while (true)
            {
                var line = await example.StandardOutput.ReadLineAsync(Stop).AsTask().WaitAsync(TimeSpan.FromMinutes(3), Stop);
                var change = JsonDocument.Parse(line.ShouldNotBeNull()).RootElement;
                if (change.GetProperty("id").GetString() == id)
                    return change.GetProperty("changed").GetProperty("Last_Name").GetProperty("new").GetString();
            }
        }
    }

    private Task<long> Position() => view.Projector.Value<long>("select coalesce(max(position), 0) from legacy.lead_changes");

    private static async Task<object?> Execute(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(Array.ConvertAll(parameters, value => new NpgsqlParameter { Value = value }));
        return await command.ExecuteScalarAsync(Stop);
    }

    private async Task<IReadOnlyList<Row>> Changes(string id, long after)
    {
        await using var command = view.Projector.Database.CreateCommand(
            "select position, kind, modified_time, source, changed::text from legacy.lead_changes where id = $1 and position > $2 "
                + "order by position");
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        command.Parameters.Add(new NpgsqlParameter { Value = after });
        await using var row = await command.ExecuteReaderAsync(Stop);
        var rows = new List<Row>();
        while (await row.ReadAsync(Stop))
            rows.Add(
                new(
                    row.GetInt64(0), row.GetString(1), row.GetDateTime(2), row.GetString(3),
                    JsonDocument.Parse(row.GetString(4)).RootElement));
        return rows;
    }

    private sealed record Row(long Position, string Kind, DateTime ModifiedTime, string Source, JsonElement Changed);
}
