using System.Text.Json;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Watch;

/// <summary>A request of several objects: each is done or refused on its own, and the status says how it went altogether.</summary>
internal static class WatchBatch
{
    private const int MostItems = 50;

    public static async Task<IResult> AnswerAsync(HttpRequest request, int success, bool wrapErrors, Func<JsonElement, int, object> perform)
    {
        var body = await ZohoJson.BodyAsync(request);
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("watch", out var items) || items.ValueKind != JsonValueKind.Array)
            throw ZohoError.Mandatory(new { api_name = "watch" });
        if (items.GetArrayLength() is 0 or > MostItems)
            throw ZohoError.InvalidData(new { api_name = "watch", maximum_length = MostItems });

        return Answer([.. items.EnumerateArray().Select((item, at) => Attempt(() => perform(item, at)))], success, wrapErrors);
    }

    public static (object Body, ZohoError? Error) Attempt(Func<object> perform)
    {
        try
        {
            return (perform(), null);
        }
        catch (ZohoError error)
        {
            return (error.Body, error);
        }
    }

    public static IResult Answer(IReadOnlyList<(object Body, ZohoError? Error)> results, int success, bool wrapErrors)
    {
        var failed = results.Count(result => result.Error is not null);
        if (results is [{ Error: { } only }] && !wrapErrors)
            throw only;

        var status = failed == 0 ? success : failed == results.Count ? 400 : 207;
        return ZohoJson.Answer(new { watch = results.Select(result => result.Body) }, status);
    }
}
