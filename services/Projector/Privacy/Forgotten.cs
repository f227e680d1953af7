using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.Privacy;

/// <summary>The leads that LeadSync has forgotten for an operator or for the retention.</summary>
internal sealed class Forgotten(NpgsqlDataSource database, Module module)
{
    /// <returns>Those of <paramref name="ids"/> that are forgotten and have not come back, each with whether it comes back when Zoho shows
    /// it.</returns>
    public async Task<IReadOnlyDictionary<string, bool>> Among(IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        var found = new Dictionary<string, bool>(StringComparer.Ordinal);
        if (ids.Count == 0)
            return found;

        await using var command = database.CreateCommand(
            $"select id, until_seen_again from {module.Schema}.forgotten where id = any($1) and seen_again_at is null").With(ids.ToArray());
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            found[row.GetString(0)] = row.GetBoolean(1);
        return found;
    }
}
