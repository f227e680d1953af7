using Npgsql;

namespace LeadSync.Gateway;

/// <summary>Brings the schema <c>gateway</c> up to date; <c>schema.sql</c> is all of it.</summary>
internal static class Schema
{
    // Any number, as long as no one else takes it: replicas that start together wait for each other.
    private const long Lock = 4150868_0001;

    public static async Task Apply(IServiceProvider services, CancellationToken cancellation)
    {
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var wait = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = Lock } } })
            await wait.ExecuteNonQueryAsync(cancellation);
        await using (var apply = new NpgsqlCommand(await Script(cancellation), connection, transaction))
            await apply.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task<string> Script(CancellationToken cancellation)
    {
        using var reader = new StreamReader(typeof(Schema).Assembly.GetManifestResourceStream("schema.sql")!);
        return await reader.ReadToEndAsync(cancellation);
    }
}
