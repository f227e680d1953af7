using System.Text.Json;

namespace LeadSync.ZohoSimulator.Gate;

/// <summary>A request with several objects: each succeeds or fails alone, and the status summarizes the results.</summary>
internal static class Batch
{
    /// <summary>The objects in the body's array.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(HttpRequest request, string array, int most)
    {
        var items = (await ZohoJson.BodyAsync(request)).Items(array);
        if (items is not { Count: > 0 })
            throw ZohoError.Mandatory(new { api_name = array });

        return items.Count <= most ? items : throw ZohoError.LimitExceeded(new { api_name = array, maximum_length = most });
    }

    public static BatchResult Attempt(Func<object> perform)
    {
        try
        {
            return new BatchResult(perform(), null);
        }
        catch (ZohoError error)
        {
            return new BatchResult(error.Body, error);
        }
    }

    /// <param name="wrapSingle">Whether a single error stays in its array; otherwise it comes bare.</param>
    public static IResult Answer(string array, IReadOnlyList<BatchResult> results, int success, bool wrapSingle)
    {
        if (results is [{ Error: { } only }] && !wrapSingle)
            throw only;

        var failed = results.Count(result => result.Error is not null);
        var status = failed == 0 ? success : failed == results.Count ? results[0].Error!.Status : 207;
        return ZohoJson.Answer(new Dictionary<string, object> { [array] = results.Select(result => result.Body) }, status);
    }

    public static object Success(string message, object details) => new { code = "SUCCESS", details, message, status = "success" };
}

internal sealed record BatchResult(object Body, ZohoError? Error);
