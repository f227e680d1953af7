using LeadSync.Benchmarks.Leads;
using Npgsql;

namespace LeadSync.Benchmarks.Pages;

/// <summary>The least work for a page: <c>COPY</c> of its CSV to a staging table, then one statement.</summary>
internal sealed class PageFloor(NpgsqlDataSource database)
{
    private static readonly string Columns = string.Concat(LeadColumns.All.Select(column => $", \"{column.ApiName.ToLowerInvariant()}\""));
    private static readonly string Types = string.Concat(
        LeadColumns.All.Select(column => $", \"{column.ApiName.ToLowerInvariant()}\" {column.SqlType}"));
    private static readonly string Updates = string.Concat(
        LeadColumns.All.Select(column => column.ApiName.ToLowerInvariant()).Select(name => $", \"{name}\" = excluded.\"{name}\""));

    public Task CreateAsync(CancellationToken cancellationToken) => ExecuteAsync($"""
        drop schema if exists floor cascade;
        create schema floor;
        create table floor.leads (id text primary key, modified_time timestamptz not null{Types});
        create unlogged table floor.staging (id text, modified_time timestamptz{Types})
        """, cancellationToken);

    /// <summary>Writes newer rows of the page into a table.</summary>
    public Task<TimeSpan> LoadAsync(string csv, CancellationToken cancellationToken) => TimeAsync(csv, $"""
        insert into floor.leads (id, modified_time{Columns}) select id, modified_time{Columns} from floor.staging
        on conflict (id) do update set modified_time = excluded.modified_time{Updates} where excluded.modified_time > leads.modified_time
        """, cancellationToken);

    /// <summary>Finds newer rows.</summary>
    public Task<TimeSpan> CompareAsync(string csv, CancellationToken cancellationToken) => TimeAsync(
        csv,
        "select count(*) from floor.staging s left join floor.leads l using (id) where l.id is null or s.modified_time > l.modified_time",
        cancellationToken);

    private async Task<TimeSpan> TimeAsync(string csv, string statement, CancellationToken cancellationToken)
    {
        await ExecuteAsync("truncate floor.staging; checkpoint", cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await CopyAsync(csv, cancellationToken);
        await ExecuteAsync(statement, cancellationToken);
        return Stopwatch.GetElapsedTime(started);
    }

    private async Task CopyAsync(string csv, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var copy = (StreamWriter)await connection.BeginTextImportAsync(
            "copy floor.staging from stdin (format csv, header)", cancellationToken);
        await using var file = File.OpenRead(csv);
        // Writes the bytes directly, without a conversion to UTF-16.
        await file.CopyToAsync(copy.BaseStream, 1 << 16, cancellationToken);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var statement in sql.Split(';'))
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
