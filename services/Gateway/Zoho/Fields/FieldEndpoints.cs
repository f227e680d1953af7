using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Zoho.Fields;

internal static class FieldEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Serves the synced fields, from which the projector creates its columns, and the labels and users that explain
    /// them.</summary>
    public static void MapLeadFields(this WebApplication app)
    {
        app.MapGet("/fields", (LeadFieldCatalog catalog, HttpContext http, CancellationToken ct) =>
            Answer(http, async () => await catalog.Recent(ct)));
        app.MapGet("/dictionary", (LeadFieldCatalog catalog, UsersApi users, HttpContext http, CancellationToken ct) =>
            Answer(http, async () =>
            {
                var (fields, all) = (await catalog.Described(ct), await users.ReadAll(ct));
                return new LeadDictionary(fields, all ?? [], AreUsersKnown: all is not null);
            }));
    }

    private static async Task<IResult> Answer<T>(HttpContext http, Func<Task<T>> answer)
    {
        try
        {
            return Results.Json(await answer(), Json);
        }
        catch (ZohoException e)
        {
            http.Response.Headers.RetryAfter = "5";
            return Results.Text(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
