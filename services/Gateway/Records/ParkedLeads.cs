using Npgsql;

namespace LeadSync.Gateway.Records;

/// <summary>Keeps leads that no row can hold where an operator sees them. Names the field; never the value.</summary>
internal sealed partial class ParkedLeads(NpgsqlDataSource database, ILogger<ParkedLeads> log)
{
    public async Task Park(OddLead lead, CancellationToken ct)
    {
        Parked(lead.Id, lead.Field);
        GatewayMetrics.Hydrated("parked", 1);
        await using var insert = database.CreateCommand(
            """
            insert into gateway.parked as parked (lead_id, reason) values ($1, $2)
            on conflict (lead_id) do update set reason = excluded.reason, parked_at = now(), times = parked.times + 1
            """);
        insert.Parameters.AddWithValue(lead.Id);
        insert.Parameters.AddWithValue($"{lead.Field} holds a value that is not of its type");
        await insert.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Lead {LeadId} is not synced, its field {Field} holds a value that is not of its type: correct it in Zoho. gateway.parked has all")]
    private partial void Parked(string leadId, string field);
}
