using Npgsql;

namespace LeadSync.Projector.Privacy;

/// <summary>The leads that LeadSync has forgotten for an operator or for the retention.</summary>
internal sealed class Forgotten(NpgsqlDataSource database, Module module)
{
    /// <returns>Those of <paramref name="ids"/> that are forgotten and have not come back.</returns>
    public async Task<IReadOnlySet<string>> Among(IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        if (ids.Count == 0)
            return new HashSet<string>();

        await using var command = database.CreateCommand(
            $"select array(select id from {module.Schema}.forgotten where id = any($1) and seen_again_at is null)");
        command.Parameters.Add(new() { Value = ids.ToArray() });
        return ((string[])(await command.ExecuteScalarAsync(ct))!).ToHashSet(StringComparer.Ordinal);
    }
}
