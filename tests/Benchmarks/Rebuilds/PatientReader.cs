using LeadSync.Benchmarks.Leads;
using Npgsql;

namespace LeadSync.Benchmarks.Rebuilds;

/// <summary>
/// Reads one lead of the view every millisecond, in its own session like psql, and remembers how long each reading took.
/// </summary>
internal static class PatientReader
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(1);

    /// <summary>Reads while work runs.</summary>
    /// <param name="meanwhile">The work. It returns the two moments between which readings count.</param>
    /// <returns>The longest reading between these moments.</returns>
    public static async Task<TimeSpan> LongestWaitAsync(
        string connectionString, Func<Task<(DateTimeOffset From, DateTimeOffset To)>> meanwhile, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(connection, done.Token);
        var (from, to) = await meanwhile();
        await done.CancelAsync();
        return (await reading).Where(one => one.Since <= to && one.Since + one.Took >= from).Max(one => one.Took);
    }

    private static async Task<IReadOnlyList<(DateTimeOffset Since, TimeSpan Took)>> ReadAsync(
        NpgsqlConnection connection, CancellationToken done)
    {
        await using var read = new NpgsqlCommand($"select last_name from legacy.leads where id = '{LeadPage.Id(0)}'", connection);
        var readings = new List<(DateTimeOffset, TimeSpan)>();
        while (!done.IsCancellationRequested)
        {
            var since = TimeProvider.System.GetUtcNow();
            var started = Stopwatch.GetTimestamp();
            await read.ExecuteScalarAsync(CancellationToken.None);
            readings.Add((since, Stopwatch.GetElapsedTime(started)));
            await Task.Delay(Between, TimeProvider.System, CancellationToken.None);
        }

        return readings;
    }
}
