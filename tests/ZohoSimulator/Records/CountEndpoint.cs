using LeadSync.ZohoSimulator.Criteria;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Records;

/// <summary><c>GET /crm/{version}/Leads/actions/count</c>. Zoho: the figure lags behind by minutes.</summary>
internal sealed class CountEndpoint(LeadReader leads, SearchCriteria criteria, Dials dials, SimulatorOptions options)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long At, int Count)> counts = [];

    public IResult Answer(string? given, string? view)
    {
        if (view is not null && given is not null)
            throw ZohoError.Ambiguous("cvid", "criteria");

        lock (gate)
        {
            if (given is null && counts.Count == 0)
                counts[""] = (TimeProvider.System.GetTimestamp(), options.Leads);
            if (!counts.TryGetValue(given ?? "", out var known) || TimeProvider.System.GetElapsedTime(known.At) >= dials.CountLag)
                counts[given ?? ""] = known = (TimeProvider.System.GetTimestamp(), Count(given));
            return ZohoJson.Answer(new { count = known.Count });
        }
    }

    private int Count(string? given)
    {
        var condition = given is null ? _ => true : criteria.Read(given);
        return leads.Living().Count(lead => condition(lead));
    }
}
