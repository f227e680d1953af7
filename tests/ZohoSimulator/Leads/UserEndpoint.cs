using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Leads;

/// <summary><c>users</c>: the people of the organisation.</summary>
internal static class UserEndpoint
{
    private const int MostPerPage = 200;

    public static void MapUsers(this IEndpointRouteBuilder crm) => crm.MapGet("/users", List).Call("users", 1, "ZohoCRM.users.READ");

    private static IResult List(string? type, int? page, int? per_page)
    {
        var (number, size) = (page ?? 1, Math.Min(per_page ?? MostPerPage, MostPerPage));
        var chosen = type == "CurrentUser" ? [Users.Api] : Users.All;
        var listed = chosen.Skip((number - 1) * size).Take(size).Select((user, at) => new
        {
            id = user.Id,
            first_name = user.FirstName,
            last_name = user.LastName,
            full_name = user.Name,
            email = user.Email,
            role = new { name = at == 0 ? "CEO" : "Sales", id = "5725767000000026005" },
            profile = new { name = at == 0 ? "Administrator" : "Standard", id = "5725767000000026011" },
            status = user == Users.All[^1] ? "inactive" : "active",
            confirm = true,
        }).ToList();
        return listed.Count == 0
            ? Results.NoContent()
            : ZohoJson.Answer(
                new
                {
                    users = listed,
                    info = new { per_page = size, count = listed.Count, page = number, more_records = chosen.Count > number * size }
                });
    }
}
