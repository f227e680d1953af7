using System.Diagnostics;
using LeadSync.Contracts;

namespace LeadSync.Projector.Leads;

/// <summary>Where changes of leads are folded: PostgreSQL in the service, a model in the simulation.</summary>
internal interface ILeadProjection
{
    /// <summary>Folds leads that come with their fields by name; those that the view cannot hold are parked.</summary>
    /// <param name="changes">What was read, each with the trace that it belongs to.</param>
    /// <param name="origin">For parked leads: where they came from.</param>
    /// <returns>The outcome of each lead that was not parked.</returns>
    Task<IReadOnlyList<(string Id, Folded Folded)>> Project(
        IReadOnlyList<(LeadChanged Change, ActivityContext Trace)> changes, string origin, CancellationToken ct);
}
