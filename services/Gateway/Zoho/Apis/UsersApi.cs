using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Zoho.Apis;

/// <summary>Zoho's Users API: the people who use Zoho CRM.</summary>
internal sealed class UsersApi(IZohoCalls http, ZohoOptions options)
{
    // Zoho does not document how many users an org can have. Two million is more than any has.
    private const int MostPages = 10_000;

    /// <summary>All users, active or not.</summary>
    /// <returns>No users when the refresh token lacks the scope; null when Zoho did not list all of them.</returns>
    /// <exception cref="ZohoException">Zoho did not answer.</exception>
    public async Task<IReadOnlyList<CrmUser>?> ReadAll(CancellationToken ct)
    {
        var users = new List<CrmUser>();
        try
        {
            for (var (page, more) = (1, true); more && page <= MostPages; page++)
            {
                var path = $"/crm/{options.ApiVersion}/users?type=AllUsers&page={page}&per_page={ZohoLimits.RowsPerPage}";
                more = await http.Ask(new ZohoCall("users", HttpMethod.Get, path, Lane.Background), body => Read(body, users), ct);
            }
        }
        catch (ZohoException e) when (e.Kind is ZohoErrorKind.Permission or ZohoErrorKind.NotFound or ZohoErrorKind.Rejected)
        {
            // Nothing depends on the names of users. The doctor says which scope is missing.
            return e.Kind == ZohoErrorKind.Permission && users.Count == 0 ? [] : null;
        }

        // Every org has a user: the one that gave the refresh token.
        return users.Count == 0 ? null : [.. users.DistinctBy(user => user.Id)];
    }

    /// <returns>Whether there is another page.</returns>
    private static bool Read(JsonElement? body, List<CrmUser> users)
    {
        if (body is not { } answer)
            return false;

        users.AddRange(answer.Items("users").Where(user => user.Text("id") is { Length: > 0 }).Select(user => new CrmUser(
            user.Text("id")!, user.Text("full_name"), user.Text("email"), user.Get("role")?.Text("name"), user.Get("profile")?.Text("name"),
            "active".Equals(user.Text("status"), StringComparison.OrdinalIgnoreCase))));
        return answer.Get("info") is { } info && info.Flag("more_records") == true;
    }
}
