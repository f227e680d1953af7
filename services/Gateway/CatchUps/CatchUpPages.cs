using LeadSync.Contracts;

namespace LeadSync.Gateway.CatchUps;

/// <summary>Collects leads into pages that the broker takes.</summary>
internal sealed class CatchUpPages(Guid catchUpId)
{
    private const int LeadsPerPage = 200;

    // RabbitMQ: a message has at most 16 MiB. A character takes up to six bytes of JSON.
    private const int CharactersPerPage = 1_000_000;

    private List<LeadChanged> leads = [];
    private int characters;

    /// <summary>How many pages were made.</summary>
    public int Count { get; private set; }

    /// <summary>How many leads they hold.</summary>
    public int Leads { get; private set; }

    /// <returns>The page that this lead did not fit into any more, or null.</returns>
    public CatchUpPageReady? Add(LeadChanged lead)
    {
        var size = lead.Content?.Fields.Sum(field => field.Key.Length + (field.Value?.Length ?? 0)) ?? 0;
        var full = leads.Count == LeadsPerPage || (leads.Count > 0 && characters + size > CharactersPerPage) ? Rest() : null;
        leads.Add(lead);
        characters += size;
        return full;
    }

    /// <returns>The last page, or null when there is nothing on it.</returns>
    public CatchUpPageReady? Rest()
    {
        if (leads.Count == 0)
            return null;

        var page = new CatchUpPageReady(catchUpId, ++Count, leads);
        Leads += leads.Count;
        (leads, characters) = ([], 0);
        return page;
    }
}
