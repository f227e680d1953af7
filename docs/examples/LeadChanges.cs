using System.Runtime.CompilerServices;
using Npgsql;

namespace Examples;

/// <summary>A change of a lead, as a row of <c>legacy.lead_changes</c>.</summary>
public sealed record LeadChange(long Position, string Id, string Kind, DateTime ModifiedTime, string ChangedAsJson);

/// <summary>Follows the changes of leads. A program that remembers its last position misses none.</summary>
public sealed class LeadChanges(string connectionString)
{
    private const int AtOnce = 500;

    /// <summary>Every change after a position, as it becomes visible. Ends when it is cancelled.</summary>
    /// <exception cref="InvalidOperationException">The program was away for longer than changes are kept: begin again with the present
    /// view.</exception>
    public async IAsyncEnumerable<LeadChange> After(long position, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var isTold = false;
        connection.Notification += (_, _) => isTold = true;
        // Listen before reading, so that no change is missed: a change that commits in between is read and also announced.
        await using (var listen = new NpgsqlCommand("listen leadsync_leads", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);

        var isBehind = true;
        while (true)
        {
            isTold = false;
            var changes = await Read(connection, position, cancellationToken);
            // Only after reading: changes may go at any moment.
            if (isBehind && await HasMissed(connection, position, cancellationToken))
                throw new InvalidOperationException($"Changes after {position} are gone: begin again with the present view.");
            isBehind = changes.Count == AtOnce;
            foreach (var change in changes)
            {
                yield return change;
                position = change.Position;
            }

            // A change that was announced during this read is not announced again.
            if (!isBehind && !isTold)
                // Reads every ten seconds even without an announcement, in case the connection is dead.
                // Then this throws, and you start again from your position.
                await connection.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
        }
    }

    private static async Task<List<LeadChange>> Read(NpgsqlConnection connection, long position, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            select position, id, kind, modified_time, changed::text from legacy.lead_changes
            where position > $1 order by position limit {AtOnce}
            """, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = position });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var changes = new List<LeadChange>();
        while (await row.ReadAsync(cancellationToken))
            changes.Add(new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetDateTime(3), row.GetString(4)));
        return changes;
    }

    private static async Task<bool> HasMissed(NpgsqlConnection connection, long position, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select legacy.missed_changes($1)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = position });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
