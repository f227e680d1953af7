using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Presence;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>Reads and writes <c>scheduler.leader</c>: which process leads, and when it last took a step.</summary>
internal sealed class LeaderRow(NpgsqlDataSource database)
{
    /// <summary>This process, in words that a person can find it by.</summary>
    public static string Instance { get; } = $"{Environment.MachineName} ({Environment.ProcessId})";

    public async Task<DateTimeOffset?> TickedAt(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select ticked_at from scheduler.leader");
        return await command.ExecuteScalarAsync(ct) is DateTime at ? new DateTimeOffset(at) : null;
    }

    public async Task Write(DateTimeOffset tickedAt, CancellationToken ct)
    {
        await database.Execute("""
            insert into scheduler.leader (instance, version, ticked_at) values ($1, $2, $3)
            on conflict (only_row) do update set instance = excluded.instance, version = excluded.version, ticked_at = excluded.ticked_at
            """, ct, Instance, ProgramVersion.Text, tickedAt);
    }
}
