using System.Text.Json;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Records;

/// <summary><c>POST /crm/{version}/Leads/{id}/actions/convert</c>: the lead keeps its id.</summary>
internal sealed class ConvertEndpoint(LeadStore store, LeadReader leads, Dials dials)
{
    public async Task<IResult> AnswerAsync(long id, HttpRequest request)
    {
        var data = await Batch.ReadAsync(request, "data", 1);
        return Batch.Answer("data", [Batch.Attempt(() => Convert(id, data[0]))], 200, wrapSingle: true);
    }

    private object Convert(long id, JsonElement item)
    {
        if (leads.Find($"{id}") is { Conversion: not null })
            throw new ZohoError(400, "ID_ALREADY_CONVERTED", "id already converted", new { id = $"{id}" });

        var deal = item.Member("Deals") is null ? null : new LookupRef($"{id + 3}", "A deal");
        var conversion = store.Convert(id, deal, dials.ConvertAnnounces, dials.ConvertMovesModifiedTime)?.Conversion
            ?? throw ZohoError.UnknownId(new { resource_path_index = 1 });
        return Batch.Success("The record has been converted successfully", new
        {
            Contacts = Describe(conversion.Contact),
            Deals = conversion.Deal is null ? null : Describe(conversion.Deal),
            Accounts = Describe(conversion.Account),
        });
    }

    private static object Describe(LookupRef record) => new { name = record.Name, id = record.Id };
}
