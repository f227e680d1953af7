using System.Reflection;
using Npgsql;

namespace LeadSync.ServiceDefaults;

public static class SchemaScript
{
    /// <summary>
    /// Runs an embedded SQL script in one transaction, one service at a time: PostgreSQL's <c>create … if not exists</c> alone fails when two run it at once.
    /// </summary>
    /// <param name="script">The script's file name; it has to be repeatable.</param>
    public static async Task ApplyScript(this NpgsqlDataSource database, Assembly assembly, string script, CancellationToken ct)
    {
        await using var stream = assembly.GetManifestResourceStream(script)
            ?? throw new InvalidOperationException($"{script} is not embedded in {assembly.GetName().Name}");
        using var reader = new StreamReader(stream);

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(
            "select pg_advisory_xact_lock(hashtext('leadsync.schema'));\n" + await reader.ReadToEndAsync(ct), connection);
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
