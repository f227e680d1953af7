using LeadSync.Chaos.Stage;
using Npgsql;

namespace LeadSync.Chaos.Faults;

/// <summary>Faults while LeadSync reads every lead in bulk, and live changes continue.</summary>
internal static class BulkPages
{
    private const int SomeOfThePage = 20_000;
    private const int LeadsHeld = 40;

    // The projector notices a broken download at once, and reads the page again.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("projector killed mid page", Aftermath, strike => KillMidPageAsync(strike, strike.Stack.Projectors[0])),
        new("gateway killed mid page", Aftermath, strike => KillMidPageAsync(strike, strike.Stack.Gateways[0])),
        new("live append held open while a page is folded", Aftermath, HoldAppendAsync),
    ];

    private static async Task<bool> KillMidPageAsync(Strike strike, Replica replica)
    {
        var pages = strike.Stack.Internal;
        pages.ToClient.Close(SomeOfThePage);
        try
        {
            await EditSilentlyAsync(strike);
            await strike.OrderAsync("full-comparison");
            if (!await strike.CaughtAsync(pages.ToClient))
                return false;

            await strike.WaitAsync(0.1, 1);
            await replica.KillAsync();
            return true;
        }
        finally
        {
            await pages.ResetAsync();
        }
    }

    private static async Task<bool> HoldAppendAsync(Strike strike)
    {
        await using var connection = await strike.OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync(strike.Stop);
        var held = await LockLeadsAsync(connection, strike);
        await strike.ChangeLeadsAsync("edit", new { ids = held, announce = "None" });
        await strike.OrderAsync("full-comparison");
        const string waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%for no key update%'";
        if (!await strike.HappensAsync(async () => await strike.CountAsync(waiting) > 0))
            return false;

        await strike.WaitAsync(1, 4);
        if (strike.Random.Next(3) == 0)
            await strike.Stack.Projectors[0].KillAsync();
        await transaction.RollbackAsync(strike.Stop);
        return true;
    }

    private static async Task<string[]> LockLeadsAsync(NpgsqlConnection connection, Strike strike)
    {
        await using var command = new NpgsqlCommand(
            "select id from projector.leads where id in (select id from legacy.leads order by md5(id || $1) limit $2) "
                + "order by id for update", connection);
        command.Parameters.Add(new() { Value = $"{strike.Random.Next()}" });
        command.Parameters.Add(new() { Value = LeadsHeld });
        await using var reader = await command.ExecuteReaderAsync(strike.Stop);
        List<string> ids = [];
        while (await reader.ReadAsync(strike.Stop))
            ids.Add(reader.GetString(0));
        return [.. ids];
    }

    // Without these changes, the page would bring nothing new.
    private static Task EditSilentlyAsync(Strike strike) =>
        strike.ChangeLeadsAsync("edit", new { count = 2 * LeadsHeld, announce = "None" });
}
