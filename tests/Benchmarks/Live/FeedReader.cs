using Npgsql;

namespace LeadSync.Benchmarks.Live;

/// <summary>
/// Follows <c>legacy.lead_changes</c> like <c>docs/examples</c>, and measures the time from when a change became visible until it was read.
/// </summary>
internal static class FeedReader
{
    private const int IdleReads = 500;
    private const int AtOnce = 500;

    /// <param name="meanwhile">Runs the load. The reader follows the feed until the load ends.</param>
    /// <returns>The time of a reading that finds nothing, and for each change the time from its <c>visible_at</c> to its
    /// reading, in milliseconds.</returns>
    public static async Task<(IReadOnlyList<double> Idle, IReadOnlyList<double> Behind)> FollowAsync(
        string connectionString, Func<Task> meanwhile, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, MaxAutoPrepare = 20 }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var isTold = false;
        connection.Notification += (_, _) => isTold = true;
        await using (var listen = new NpgsqlCommand("listen leadsync_leads", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);
        await using var last = new NpgsqlCommand("select coalesce(max(position), 0) from legacy.lead_changes", connection);
        var position = (long)(await last.ExecuteScalarAsync(cancellationToken))!;
        var (idle, behind) = (new List<double>(), new List<double>());
        for (var reading = 0; reading < IdleReads; reading++)
        {
            var started = Stopwatch.GetTimestamp();
            await ReadAsync();
            idle.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        var busy = meanwhile();
        behind.Clear();
        while (!busy.IsCompleted)
        {
            isTold = false;
            if (await ReadAsync() < AtOnce && !isTold)
                await connection.WaitAsync(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        await busy;
        return (idle, behind);

        async Task<int> ReadAsync()
        {
            await using var command = new NpgsqlCommand(
                "select position, visible_at, id, kind, changed::text from legacy.lead_changes where position > $1 "
                    + $"order by position limit {AtOnce}",
                connection);
            command.Parameters.Add(new NpgsqlParameter { Value = position });
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            var count = 0;
            for (; await row.ReadAsync(cancellationToken); count++)
            {
                position = row.GetInt64(0);
                behind.Add((TimeProvider.System.GetUtcNow().UtcDateTime - row.GetDateTime(1)).TotalMilliseconds);
            }

            return count;
        }
    }
}
