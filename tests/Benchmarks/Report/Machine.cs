using System.Runtime.InteropServices;
using Npgsql;

namespace LeadSync.Benchmarks.Report;

/// <summary>The machine of the measurement.</summary>
internal sealed record Machine(
    string Processor, int Cores, double MemoryGiB, string System, string Runtime, string Postgres, string Settings,
    DateTimeOffset MeasuredAt)
{
    public static async Task<Machine> DescribeAsync(string postgres, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(postgres);
        return new Machine(
            File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':')[1].Trim() ?? "unknown",
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            await ShowAsync("server_version"),
            $"fsync {await ShowAsync("fsync")}, synchronous_commit {await ShowAsync("synchronous_commit")}, shared_buffers "
                + $"{await ShowAsync("shared_buffers")}, max_wal_size {await ShowAsync("max_wal_size")}",
            TimeProvider.System.GetUtcNow());

        async Task<string> ShowAsync(string setting)
        {
            await using var command = database.CreateCommand($"show {setting}");
            return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
    }

    public override string ToString() =>
        $"{Processor}, {Cores} cores, {MemoryGiB:0} GiB, {System}, {Runtime}, PostgreSQL {Postgres} ({Settings})";
}
