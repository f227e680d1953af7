using System.Data;
using Npgsql;

namespace LeadSync.DevStack.Truth;

/// <summary>
/// A copy of the view, kept by a reader of <c>legacy.lead_changes</c> that does only what <c>docs/view.md</c> says. Server and connection
/// may fail at any time: the reader continues at the position that it stores with its changes.
/// </summary>
public sealed class FeedCopy(NpgsqlDataSource database)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The statement of <c>docs/view.md</c> that applies the change at a position to the table <c>my_leads</c>.</summary>
    public static string Apply { get; } = Documented("**Apply a change");

    /// <summary>The statement of <c>docs/view.md</c> that says whether changes after a position are no longer kept.</summary>
    private static string HasMissed { get; } = Documented("**A reader that was away");

    /// <summary>Begins with the present view, also again.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var command = new NpgsqlCommand("""
            drop table if exists my_leads, my_position;
            create table my_leads (like legacy.leads including all);
            insert into my_leads select * from legacy.leads;
            create table my_position as
            select coalesce(max(position), 0) as began, coalesce(max(position), 0) as position, 0 as applied from legacy.lead_changes
            """, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Applies changes until it is cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    if (await ContinueAsync(cancellationToken))
                        continue;
                }
                catch (NpgsqlException)
                {
                    // The server or the connection failed. The next attempt continues at the stored position.
                }

                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody cancelled it.
        }
    }

    /// <summary>Whether the feed no longer keeps every change after the copy's position.</summary>
    public async Task<bool> HasMissedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            HasMissed.Replace("$1", "(select position from my_position)", StringComparison.Ordinal));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Applies what is left, and says how the copy differs from the view; null when it does not.</summary>
    public async Task<string?> DifferenceAsync(CancellationToken cancellationToken)
    {
        while (await ContinueAsync(cancellationToken))
        {
        }

        await using var command = database.CreateCommand("""
            select (select count(*) from my_leads full join legacy.leads using (id) where my_leads is distinct from leads),
                (select count(c.position) - max(applied) from my_position left join legacy.lead_changes c on c.position > began)
            """);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1)) switch
        {
            (0, 0) => null,
            var (leads, changes) => $"a copy that was kept by the change feed differs in {leads} leads, and lacks {changes} changes",
        };
    }

    /// <returns>Whether there were any changes.</returns>
    private async Task<bool> ContinueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var read = new NpgsqlCommand("""
            select array(
                select position from legacy.lead_changes where position > (select position from my_position) order by position limit 500)
            """, connection);
        var positions = (long[])(await read.ExecuteScalarAsync(cancellationToken))!;
        if (positions.Length == 0)
            return false;

        await using var batch = new NpgsqlBatch(connection);
        foreach (var position in positions)
            batch.BatchCommands.Add(new(Apply) { Parameters = { new() { Value = position } } });
        batch.BatchCommands.Add(new("update my_position set position = $1, applied = applied + $2")
        {
            Parameters = { new() { Value = positions[^1] }, new() { Value = positions.Length } }
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    private static string Documented(string title) =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "view.md")).Split(title)[1].Split("```")[1]["sql".Length..];
}
