using LeadSync.Projector.Leads;
using Marten;

namespace LeadSync.Projector.Privacy;

/// <summary>Removes a person's data from a lead's events, by Marten's masking. The events, their times and their sources stay.</summary>
internal sealed class MaskedEvents(IDocumentStore store, Module module)
{
    private static readonly Dictionary<string, string?> Nothing = [];

    /// <param name="upToVersion">The last version of the lead's stream that is masked.</param>
    public Task Mask(string id, long upToVersion, CancellationToken ct) => store.Advanced.ApplyEventDataMasking(
        events => events.IncludeStream(module.Stream(id), recorded => recorded.Version <= upToVersion), ct);

    public static LeadSeen Masked(LeadSeen seen) =>
        seen with { Fields = Nothing, Newer = seen.Newer is { } newer ? newer with { Fields = Nothing } : null };
}
