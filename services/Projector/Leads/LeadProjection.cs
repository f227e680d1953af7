using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;

namespace LeadSync.Projector.Leads;

/// <summary>Folds leads that were read one by one: live changes and pages of catch-ups.</summary>
internal sealed class LeadProjection(LeadFold fold, LegacyColumns columns) : ILeadProjection
{
    public async Task<IReadOnlyList<(string Id, Folded Folded)>> Project(
        IReadOnlyList<(LeadChanged Change, ActivityContext Trace)> changes, string origin, CancellationToken ct)
    {
        var observations = new List<LeadObservation>(changes.Count);
        foreach (var (change, trace) in changes)
        {
            var set = change.Content is { } content ? await columns.For(content.FieldSet, ct) : null;
            observations.Add(LeadObservation.Of(change, set, trace));
        }

        return await fold.Fold(observations, origin, ct);
    }
}
