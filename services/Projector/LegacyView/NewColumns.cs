using LeadSync.Projector.EventTables;
using LeadSync.Projector.Leads;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Shutdown;
using Npgsql;

namespace LeadSync.Projector.LegacyView;

/// <summary>
/// Adds the columns that could not be added at once because readers held the table, and then fills them. If the replica ends in between,
/// the daily check of the view fills them.
/// </summary>
internal sealed partial class NewColumns(
    [FromKeyedServices(PostgresSettings.LongWork)] NpgsqlDataSource database, LegacyColumns columns, LeadFold fold, Module module,
    TimeProvider clock, ILogger<NewColumns> log) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                // A reader may keep the table for an hour, and PostgreSQL may refuse a column for good.
                pause = columns.Pending.IsEmpty ? FirstPause : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, pause.Ticks * 2));
                if (!columns.Pending.IsEmpty)
                    await Show(await columns.TryAddPending(stoppingToken), stoppingToken);
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                NotAdded(e.GetType().Name);
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    private async Task Show(IReadOnlyDictionary<Column, long> added, CancellationToken ct)
    {
        if (added.Count == 0)
            return;

        // A fold that began without the columns may have waited for the statement that added them.
        await EventPosition.Settled(database, module, clock, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        var streams = await RecordedEvents.StreamsAfter(connection, module, added.Values.Min(), int.MaxValue, ct);
        foreach (var some in streams.Chunk(AtOnce))
            await fold.Restore([.. some.Select(stream => stream[module.Prefix.Length..])], ct);
        foreach (var column in added.Keys)
            columns.Pending.TryRemove(column, out _);
    }

    [LoggerMessage(LogLevel.Warning, "New columns of the view could not be added yet: {Failure}")]
    private partial void NotAdded(string failure);
}
