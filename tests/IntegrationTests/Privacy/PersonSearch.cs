using Npgsql;

namespace LeadSync.IntegrationTests.Privacy;

/// <summary>Searches everything that LeadSync keeps for a value of a person.</summary>
internal static class PersonSearch
{
    /// <summary>The number of rows with a value, in all tables and in the feed. PostgreSQL writes bytes as hexadecimal digits.</summary>
    public static async Task<long> Hits(NpgsqlDataSource database, string value)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var tables = database.CreateCommand("""
            select array_agg(format('%I.%I', table_schema, table_name)) from information_schema.tables
            where table_schema not in ('pg_catalog', 'information_schema') and (table_type = 'BASE TABLE' or table_name = 'lead_changes')
            """);
        var hits = 0L;
        foreach (var table in (string[])(await tables.ExecuteScalarAsync(stop))!)
        {
            await using var search = database.CreateCommand($"""
                select count(*) from {table} t
                where position($1 in t::text) > 0 or position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0
                """);
            search.Parameters.Add(new NpgsqlParameter { Value = value });
            hits += (long)(await search.ExecuteScalarAsync(stop))!;
        }

        return hits;
    }
}
