using System.Runtime.ExceptionServices;
using JasperFx.Events;
using LeadSync.Contracts;
using LeadSync.Projector.EventTables;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Parking;
using LeadSync.ServiceDefaults.Telemetry;
using Marten;
using Marten.Exceptions;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace LeadSync.Projector.Leads;

/// <summary>
/// Folds observations, each batch in one transaction: locks and loads the registers of the leads, lets <see cref="FoldedLead"/> decide, and
/// appends the events with Marten, whose projection <see cref="LegacyViewProjection"/> shows them in the view.
/// </summary>
/// <remarks>
/// When the outcome of a commit is unknown, the batch is folded again. An observation that was applied before changes nothing.
/// </remarks>
internal sealed class LeadFold(
    NpgsqlDataSource database, IDocumentStore store, LeadRegisters registers, LegacyColumns columns, LegacyViewProjection view,
    MisfitValues misfits, LeadStream stream, Module module,
    LeadMetrics metrics, ParkingLot parkingLot)
{
    private const int Attempts = 5;

    // Classes of SQLSTATE: data exceptions, violated constraints, and exceeded limits of PostgreSQL.
    private static readonly string[] DataErrorClasses = ["22", "23", "54"];

    /// <summary>Folds a batch. A lead whose row PostgreSQL refuses is parked, and the other leads are applied.</summary>
    /// <param name="origin">The source that is stored with a parked lead.</param>
    /// <returns>The outcome of each lead that was not parked, in the given order.</returns>
    public async Task<IReadOnlyList<(string Id, Folded Folded)>> Fold(
        IReadOnlyList<LeadObservation> observations, string origin, CancellationToken ct)
    {
        try
        {
            return [.. observations.Select(observation => observation.Id).Zip(await FoldAll(observations, origin, ct))];
        }
        catch (PostgresException e) when (IsDataError(e))
        {
            if (observations is [var single])
            {
                await parkingLot.Park([ParkedItem.Lead(single.Id, origin, $"PostgreSQL refused the lead's row ({e.SqlState}).")], ct);
                return [];
            }

            var half = observations.Count / 2;
            return [.. await Fold([.. observations.Take(half)], origin, ct), .. await Fold([.. observations.Skip(half)], origin, ct)];
        }
    }

    /// <summary>Overwrites the registers and the rows of some leads with the fold of their streams.</summary>
    public async Task Restore(IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        var known = await registers.Load(connection, [.. ids.Order(StringComparer.Ordinal)], _ => false, DateTimeOffset.MaxValue, ct);
        if (known.Revision != columns.Revision)
            await columns.Refresh(known.Revision, ct);
        var restored = new List<FoldedLead>();
        foreach (var lead in known.Values)
        {
            if (await Replay(connection, lead, ct) || lead.Lead == Lead.Unknown)
                restored.Add(lead);
        }

        view.Write(session, restored.Select(lead => (lead.Id, lead.Lead)));
        registers.Save(session, restored);
        await session.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>
    /// Shows a lead that is to be forgotten as deleted, and notes the version of its stream up to which it is forgotten. Changes nothing
    /// when Zoho has shown the lead again since the command to forget it.
    /// </summary>
    /// <param name="evenIfAlive">Whether a lead that lives is hidden too; otherwise the lead counts as seen again.</param>
    public async Task Hide(string id, bool evenIfAlive, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        var known = await registers.Load(connection, [id], _ => false, DateTimeOffset.MaxValue, ct);
        if (known[id] is not { Forgotten: { } forgotten } lead)
            return;

        if (lead.IsBehind)
            await Replay(connection, lead, ct);
        if (lead.Lead.IsAlive && !evenIfAlive)
        {
            session.QueueSqlCommand($"update {module.Schema}.forgotten set seen_again_at = clock_timestamp() where id = ?", id);
        }
        else
        {
            if (lead.Lead.IsAlive)
            {
                // The deletion gets the time of the command, not of its execution: what Zoho shows after the command brings the lead back.
                var at = lead.Lead.LastSeen > forgotten.At ? lead.Lead.LastSeen.Value : forgotten.At;
                lead.Observe(new(id, Source.CatchUp, null, new Absence(at, at), 0, [], [], null), []);
            }

            if (lead.IsChanged)
                Append(session, [lead], known);
            // With the hash of the contents, somebody could confirm a guess.
            session.QueueSqlCommand(
                $"update {module.Registers} set content_hash = ? where id = ? and content_hash is not null",
                ContentHash.Of(new Dictionary<string, string?>()), id);
            session.QueueSqlCommand($"update {module.Schema}.forgotten set up_to_version = ? where id = ?", lead.Version, id);
        }

        await session.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Whether PostgreSQL refuses the data itself, so that it would refuse another attempt as well.</summary>
    public static bool IsDataError(PostgresException e) => Array.Exists(DataErrorClasses, e.SqlState.StartsWith);

    private async Task<Folded[]> FoldAll(IReadOnlyList<LeadObservation> observations, string origin, CancellationToken ct)
    {
        if (observations.Count == 0)
            return [];

        using var span = LeadSyncTelemetry.Source.StartActivity("fold batch")?.SetTag("leadsync.leads", observations.Count);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await TryFold(observations, origin, ct) is not { } folded)
                    continue;

                metrics.Count(observations, folded);
                return folded;
            }
            catch (Exception e) when (attempt < Attempts && IsRace(e))
            {
                // Another program appended to one of the streams with Marten.
            }
            catch (MartenCommandException e) when (e.InnerException is NpgsqlException refused)
            {
                ExceptionDispatchInfo.Throw(refused);
            }
        }
    }

    /// <returns>The outcome of each observation; null when another replica had added columns, which are loaded now. The caller then tries
    /// again.</returns>
    private async Task<Folded[]?> TryFold(IReadOnlyList<LeadObservation> observations, string origin, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        var unknown = observations.Select(observation => observation.FieldSet).Distinct()
            .ToDictionary(set => set, set => columns.UnknownTo(set).ToHashSet(StringComparer.Ordinal));
        var known = await Load(connection, observations, unknown, ct);
        if (known.Revision != columns.Revision)
        {
            await columns.Refresh(known.Revision, ct);
            return null;
        }

        foreach (var lead in known.Values.Where(lead => lead.IsBehind))
            await Replay(connection, lead, ct);

        var folded = observations.Select(observation => known[observation.Id] is var lead && lead.Takes(observation)
            ? lead.Observe(observation, Unknown(observation))
            : new Folded(IsEvent: false, IsAlive: true, IsOutdated: false)).ToArray();
        IReadOnlyCollection<string> Unknown(LeadObservation observation) => observation.Missing.Count + observation.Uncertain.Count == 0
            ? unknown[observation.FieldSet]
            : [.. unknown[observation.FieldSet], .. observation.Missing, .. observation.Uncertain];

        Append(session, [.. known.Values.Where(lead => lead.IsChanged)], known);
        if (known.Values.Where(lead => lead is { Forgotten: not null, Events.Count: > 0 }).ToArray() is { Length: > 0 } back)
            session.QueueSqlCommand(
                $"""
                update {module.Schema}.forgotten f
                set seen_again_at = clock_timestamp(), up_to_version = coalesce(f.up_to_version, n.version)
                from unnest(?::text[], ?::bigint[]) n(id, version) where f.id = n.id
                """, Array.ConvertAll(back, lead => lead.Id), Array.ConvertAll(back, lead => lead.StreamVersion));
        misfits.Replace(session, known.Values.Select(lead => lead.ContentObservation).OfType<LeadObservation>(), origin);
        await session.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return folded;
    }

    private Task<KnownLeads> Load(
        NpgsqlConnection connection, IReadOnlyList<LeadObservation> observations, Dictionary<int, HashSet<string>> unknown,
        CancellationToken ct)
    {
        var leads = observations.GroupBy(observation => observation.Id)
            .ToDictionary(lead => lead.Key, lead => lead.Any(IsIncomplete) || lead.Skip(1).Any());
        return registers.Load(
            connection, [.. leads.Keys.Order(StringComparer.Ordinal)], id => leads[id],
            observations.Min(observation => observation.ObservedAt), ct);

        bool IsIncomplete(LeadObservation observation) =>
            observation.Content is not null
                && observation.Missing.Count + observation.Uncertain.Count + unknown[observation.FieldSet].Count > 0;
    }

    private async Task<bool> Replay(NpgsqlConnection connection, FoldedLead lead, CancellationToken ct)
    {
        if (await stream.Fold(connection, lead.Id, recordedUntil: null, ct) is not { } recorded)
            return false;

        lead.Replay(recorded);
        return true;
    }

    private void Append(IDocumentSession session, IReadOnlyList<FoldedLead> changed, KnownLeads known)
    {
        if (changed.Count == 0)
            return;

        if (changed.Any(lead => lead.Events.Count > 0))
            session.QueueSqlCommand(RecordedEvents.Note(module, "?"), known.LastEvent);
        foreach (var lead in changed.Where(lead => lead.Events.Count > 0))
            session.Events.Append(module.Stream(lead.Id), lead.Version, lead.Events.Select(Build));
        view.Write(session, changed.Where(lead => lead.IsBehind && lead.Events.Count == 0).Select(lead => (lead.Id, lead.Lead)));
        registers.Save(session, changed);

        IEvent Build((LeadEvent Data, string? TraceParent) recorded)
        {
            var @event = session.Events.BuildEvent(recorded.Data);
            // The time when the transaction began would be too early: other transactions may have committed events while the batch waited
            // for its locks.
            @event.Timestamp = known.LockedAt;
            (@event.CorrelationId, @event.CausationId) = (recorded.TraceParent?.Split('-')[1], recorded.TraceParent);
            return @event;
        }
    }

    private static bool IsRace(Exception e) =>
        e is EventStreamUnexpectedMaxEventIdException or JasperFx.Events.ExistingStreamIdCollisionException
        || (e as PostgresException ?? e.InnerException) is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation, SchemaName: "projector", TableName: "mt_events" or "mt_streams",
        };
}
