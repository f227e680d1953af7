using LeadSync.Contracts;

namespace LeadSync.Gateway.Records;

/// <summary>Collects leads into pages of a size that the broker accepts.</summary>
internal sealed class LeadPages
{
    private const int LeadsPerPage = 200;

    // RabbitMQ: a message has at most 16 MiB. A character takes up to six bytes of JSON.
    private const int CharactersPerPage = 1_000_000;

    private List<LeadChanged> leads = [];
    private int characters;

    /// <summary>The number of pages.</summary>
    public int Count { get; private set; }

    /// <summary>The number of leads on the pages.</summary>
    public int Leads { get; private set; }

    public static IEnumerable<IReadOnlyList<LeadChanged>> Of(IEnumerable<LeadChanged> leads)
    {
        var pages = new LeadPages();
        foreach (var lead in leads)
        {
            if (pages.Add(lead) is { } page)
                yield return page;
        }

        if (pages.Rest() is { } last)
            yield return last;
    }

    /// <returns>The full page that this lead no longer fitted into, or null.</returns>
    public IReadOnlyList<LeadChanged>? Add(LeadChanged lead)
    {
        var size = lead.Content?.Fields.Sum(field => field.Key.Length + (field.Value?.Length ?? 0)) ?? 0;
        var full = leads.Count == LeadsPerPage || (leads.Count > 0 && characters + size > CharactersPerPage) ? Rest() : null;
        leads.Add(lead);
        characters += size;
        return full;
    }

    /// <returns>The last page, or null when it is empty.</returns>
    public IReadOnlyList<LeadChanged>? Rest()
    {
        if (leads.Count == 0)
            return null;

        var page = leads;
        Count++;
        Leads += page.Count;
        (leads, characters) = ([], 0);
        return page;
    }
}
