using Marten;

namespace LeadSync.Projector.Leads;

/// <summary>Takes what a lead's events hold of a person out of them, by Marten's masking. That there were events, when and why stays.</summary>
internal sealed class MaskedEvents(IDocumentStore store, Module module)
{
    private static readonly Dictionary<string, string?> Nothing = [];

    public Task Mask(string id, CancellationToken ct) => store.Advanced.ApplyEventDataMasking(events => events.IncludeStream(module.Stream(id)), ct);

    public static LeadSeen Masked(LeadSeen seen) => seen with { Fields = Nothing, Newer = seen.Newer is { } newer ? newer with { Fields = Nothing } : null };
}
