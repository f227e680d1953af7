using System.Diagnostics;
using LeadSync.Contracts;

namespace LeadSync.Projector.Leads;

/// <summary>Folds changes of leads. The service folds them in PostgreSQL, the simulation in a model.</summary>
internal interface ILeadProjection
{
    /// <summary>Folds leads whose fields are given by name, and parks the leads that PostgreSQL refuses.</summary>
    /// <param name="changes">The leads that the gateway read, each with the trace of its announcement.</param>
    /// <param name="origin">The source that is stored with a parked lead.</param>
    /// <returns>The outcome of each lead that was not parked.</returns>
    Task<IReadOnlyList<(string Id, Folded Folded)>> Project(
        IReadOnlyList<(LeadChanged Change, ActivityContext Trace)> changes, string origin, CancellationToken ct);
}
