using LeadSync.ServiceDefaults.Parking;
using Npgsql;

namespace LeadSync.Projector.Leads;

/// <summary>Folds batches, and parks the leads that PostgreSQL refuses: the others of their batch go on.</summary>
internal sealed class IsolatedFold(LeadStore leads, ParkingLot parkingLot)
{
    // PostgreSQL: data exceptions, violated constraints, and limits that a program exceeded.
    private static readonly string[] AboutTheRow = ["22", "23", "54"];

    /// <param name="origin">For parked leads: where they came from.</param>
    /// <returns>What became of each that was not parked, in the given order.</returns>
    public async Task<IReadOnlyList<(string Id, Folded Folded)>> Fold(
        IReadOnlyList<LeadObservation> observations, string origin, CancellationToken ct)
    {
        try
        {
            return [.. observations.Select(observation => observation.Id).Zip(await leads.Fold(observations, ct))];
        }
        catch (PostgresException e) when (IsAboutTheRow(e))
        {
            if (observations is [var single])
            {
                await parkingLot.Park([Refused(single, origin, e.SqlState)], ct);
                return [];
            }

            var half = observations.Count / 2;
            return [.. await Fold([.. observations.Take(half)], origin, ct), .. await Fold([.. observations.Skip(half)], origin, ct)];
        }
    }

    /// <summary>Whether it is the data that PostgreSQL refuses, so that it would refuse it again.</summary>
    public static bool IsAboutTheRow(PostgresException e) => Array.Exists(AboutTheRow, e.SqlState.StartsWith);

    private static ParkedItem Refused(LeadObservation observation, string origin, string sqlState) =>
        ParkedItem.Lead(observation.Id, origin, $"PostgreSQL refused the lead's row ({sqlState}).", observation.Event);
}
