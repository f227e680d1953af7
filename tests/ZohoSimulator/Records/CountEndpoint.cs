using LeadSync.ZohoSimulator.Criteria;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Records;

/// <summary><c>GET /crm/{version}/Leads/actions/count</c>. Zoho: the figure lags behind by minutes.</summary>
internal sealed class CountEndpoint(LeadReader leads, SearchCriteria criteria, Dials dials, SimulatorOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long At, int Count)> _known = [];

    public IResult Answer(string? given, string? view)
    {
        if (view is not null && given is not null)
            throw ZohoError.Ambiguous("cvid", "criteria");

        lock (_lock)
        {
            if (given is null && _known.Count == 0)
                _known[""] = (TimeProvider.System.GetTimestamp(), options.Leads);
            if (!_known.TryGetValue(given ?? "", out var known) || TimeProvider.System.GetElapsedTime(known.At) >= dials.CountLag)
                _known[given ?? ""] = known = (TimeProvider.System.GetTimestamp(), Count(given));
            return ZohoJson.Answer(new { count = known.Count });
        }
    }

    private int Count(string? given)
    {
        var condition = given is null ? _ => true : criteria.Read(given);
        return leads.Living().Count(lead => condition(lead));
    }
}
