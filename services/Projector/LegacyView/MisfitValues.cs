using LeadSync.Projector.Leads;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Parking;
using Marten;
using Npgsql;

namespace LeadSync.Projector.LegacyView;

/// <summary>
/// Lists in <c>parking.parked</c> the values that the view shows as null because they do not fit their column. Each field of a lead has at
/// most one entry, which is deleted when a value fits again.
/// </summary>
internal sealed class MisfitValues(NpgsqlDataSource database, LegacyColumns legacy, Module module, ParkingLot parkingLot)
{
    /// <summary>Replaces the listed misfits of leads, in the transaction of Marten's session.</summary>
    /// <param name="observations">The observations whose content became the known content of their leads.</param>
    public void Replace(IDocumentOperations session, IEnumerable<LeadObservation> observations, string origin)
    {
        var leads = observations.ToArray();
        if (leads.Length == 0)
            return;

        var misfits = leads.SelectMany(lead => lead.Misfits.Select(misfit => (lead.Id, misfit.Field, misfit.Reason))).ToArray();
        session.QueueSqlCommand(
            "delete from parking.parked where service = ? and kind = 'value' and lead_id = any(?::text[]) and key <> all(?::text[])",
            parkingLot.Service, Array.ConvertAll(leads, lead => lead.Id),
            Array.ConvertAll(misfits, misfit => Key(misfit.Id, misfit.Field)));
        if (misfits.Length > 0)
        {
            session.QueueSqlCommand(
                """
                insert into parking.parked as parked (service, kind, key, origin, lead_id, reason)
                select ?, 'value', m.key, ?, m.id, m.reason from unnest(?::text[], ?::text[], ?::text[]) as m(key, id, reason)
                on conflict (service, kind, key) do update set origin = excluded.origin, reason = excluded.reason, parked_at = now()
                """,
                parkingLot.Service, origin, Array.ConvertAll(misfits, misfit => Key(misfit.Id, misfit.Field)),
                Array.ConvertAll(misfits, misfit => misfit.Id),
                Array.ConvertAll(misfits, misfit => misfit.Reason));
        }
    }

    /// <summary>
    /// Lists the misfits of leads whose content is known already, and deletes the entries of leads that no longer have any.
    /// </summary>
    /// <param name="observedAt">Zoho's clock: entries that were parked later stay.</param>
    public async Task Confirm(
        IReadOnlySet<string> ids, IReadOnlyCollection<(string Id, Misfit Misfit)> misfits, string origin, DateTimeOffset observedAt,
        CancellationToken ct)
    {
        await using var listed = database.CreateCommand(
            "select lead_id, key from parking.parked where service = $1 and kind = 'value' and parked_at < $2")
            .With(parkingLot.Service, observedAt);
        var keys = misfits.Select(misfit => Key(misfit.Id, misfit.Misfit.Field)).ToHashSet(StringComparer.Ordinal);
        var gone = new List<string>();
        await using (var row = await listed.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                if (ids.Contains(row.GetString(0)) && !keys.Contains(row.GetString(1)))
                    gone.Add(row.GetString(1));
            }
        }

        await parkingLot.Forget(ParkedKind.Value, gone, ct);
        await parkingLot.Park([.. misfits.Select(misfit => new ParkedItem(
            ParkedKind.Value, Key(misfit.Id, misfit.Misfit.Field), origin, misfit.Misfit.Reason, misfit.Id))], ct);
    }

    /// <summary>Deletes the entries of a field whose value the view shows now, in any of the field's columns.</summary>
    public async Task ForgetShown(string field, CancellationToken ct)
    {
        foreach (var column in legacy.All.Where(column => string.Equals(column.ApiName, field, StringComparison.OrdinalIgnoreCase)))
        {
            await database.Execute($"""
                delete from parking.parked p using legacy.{module.View} l
                where p.service = $1 and p.kind = 'value' and p.lead_id = l.id and p.key = l.id || ' ' || $2
                    and l.{column.Identifier} is not null
                """, ct, parkingLot.Service, column.ApiName);
        }
    }

    private static string Key(string id, string field) => $"{id} {field}";
}
