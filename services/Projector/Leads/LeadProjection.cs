using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Parking;

namespace LeadSync.Projector.Leads;

/// <summary>Folds leads that come with their fields by name: completes and checks them, and parks what the view cannot hold.</summary>
internal sealed class LeadProjection(LeadStore leads, IsolatedFold fold, LegacyColumns columns, ParkingLot parkingLot)
    : ILeadProjection
{
    /// <param name="changes">What was read, each with the trace that it belongs to.</param>
    /// <param name="origin">For parked leads: where they came from.</param>
    /// <returns>What became of each that was not parked.</returns>
    public async Task<IReadOnlyList<(string Id, Folded Folded)>> Project(IReadOnlyList<(LeadChanged Change, ActivityContext Trace)> changes, string origin, CancellationToken ct)
    {
        foreach (var fieldSet in changes.Select(entry => entry.Change.Content?.FieldSet).OfType<string>().Distinct())
            await columns.For(fieldSet, ct);

        var parked = new List<ParkedItem>();
        var observations = new List<LeadObservation>();
        foreach (var (change, trace) in await Complete(changes, ct))
        {
            if (Problem(change) is { } problem)
                parked.Add(ParkedItem.Lead(change.Id, origin, problem, JsonSerializer.Serialize(change)));
            else
                observations.Add(LeadObservation.Of(change, trace));
        }

        await parkingLot.Park(parked, ct);
        return await fold.Fold(observations, origin, ct);
    }

    /// <summary>A field that was asked for and did not come is unknown, not empty: what is known of it stays.</summary>
    private async Task<IReadOnlyList<(LeadChanged Change, ActivityContext Trace)>> Complete(
        IReadOnlyList<(LeadChanged Change, ActivityContext Trace)> changes, CancellationToken ct)
    {
        var incomplete = changes.Where(entry => Missing(entry.Change).Any()).Select(entry => entry.Change.Id).ToHashSet();
        if (incomplete.Count == 0)
            return changes;

        var known = await leads.KnownFields(incomplete, ct);
        return [.. changes.Select(entry => (Completed(entry.Change, known.GetValueOrDefault(entry.Change.Id)), entry.Trace))];
    }

    private LeadChanged Completed(LeadChanged change, IReadOnlyDictionary<string, string?>? known)
    {
        if (change.Content is not { } content)
            return change;

        var fields = new Dictionary<string, string?>(content.Fields);
        foreach (var name in Missing(change))
            fields[name] = known?.GetValueOrDefault(name);
        return change with { Content = content with { Fields = fields } };
    }

    private IEnumerable<string> Missing(LeadChanged change) =>
        Fields(change).Select(field => field.Field.ApiName).Where(name => !change.Content!.Fields.ContainsKey(name));

    private string? Problem(LeadChanged change) =>
        Fields(change).FirstOrDefault(field => !Fits(field, change.Content!.Fields.GetValueOrDefault(field.Field.ApiName))) is { } field
            ? $"{field.Field.ApiName} does not hold a value of type {field.Column.Type}."
            : null;

    private IReadOnlyList<SyncedField> Fields(LeadChanged change) => change.Content is { } content ? columns.Known(content.FieldSet) : [];

    private static bool Fits(SyncedField field, string? value)
    {
        Span<byte> scratch = stackalloc byte[FieldValue.ScratchSize];
        return value is null || field.TryCanonical(Encoding.UTF8.GetBytes(value), scratch, out _);
    }
}
