using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Values;

/// <summary>Writes leads as JSON records.</summary>
internal sealed class RecordWriter(FieldCatalogue fields, UserTime time, Dials dials)
{
    /// <summary>Writes a record of a list: the id and the requested fields, with cut rich texts.</summary>
    public void WriteListed(Utf8JsonWriter json, Lead lead, IReadOnlyList<Field> asked)
    {
        json.WriteStartObject();
        json.WriteString("id", $"{lead.Id}");
        foreach (var field in asked)
        {
            if (field != fields.Id && !field.SingleOnly && !IsLeftOut(field))
                WriteField(json, field, lead, CutAt(field, dials.ListTextLimit));
        }

        json.WriteEndObject();
    }

    /// <summary>Writes a single record: every visible field, rich texts cut as in a list, and members that begin with <c>$</c>.</summary>
    public void WriteWhole(Utf8JsonWriter json, Lead lead) =>
        WriteWhole(json, lead, field => CutAt(field, dials.SingleTextLimit), dials.JsonPicklists);

    /// <summary>Writes the true record: a single record with every text in full.</summary>
    public void WriteTruth(Utf8JsonWriter json, Lead lead) => WriteWhole(json, lead, _ => int.MaxValue, Spelling.Shown);

    /// <summary>The rich texts of a lead in full.</summary>
    public void WriteFull(Utf8JsonWriter json, Lead lead, IEnumerable<Field> asked)
    {
        json.WriteStartObject();
        foreach (var field in asked)
            WriteField(json, field, lead, int.MaxValue);
        json.WriteString("id", $"{lead.Id}");
        json.WriteEndObject();
    }

    private void WriteWhole(Utf8JsonWriter json, Lead lead, Func<Field, int> cutAt, Spelling spelling)
    {
        json.WriteStartObject();
        json.WriteString("id", $"{lead.Id}");
        foreach (var field in fields.Visible)
        {
            if (field != fields.Id)
                WriteField(json, field, lead, cutAt(field), spelling);
        }

        WriteSystemKeys(json, lead);
        json.WriteEndObject();
    }

    private bool IsLeftOut(Field field) => dials.ListsLeaveOut.Length > 0 && dials.ListsLeaveOut.Split(',').Contains(field.ApiName);

    // Zoho cuts rich texts. It does not document whether it cuts other long texts.
    private int CutAt(Field field, int limit) =>
        limit > 0 && (field.IsRich || (dials.PlainTextsAreCut && field.DataType == "textarea")) ? limit : int.MaxValue;

    private void WriteField(Utf8JsonWriter json, Field field, Lead lead, int textLimit) =>
        WriteField(json, field, lead, textLimit, dials.JsonPicklists);

    private void WriteField(Utf8JsonWriter json, Field field, Lead lead, int textLimit, Spelling spelling)
    {
        json.WritePropertyName(field.ApiName);
        if (field.DataType is "subform" or "multiselectlookup")
        {
            json.WriteStartArray();
            json.WriteEndArray();
        }
        else
        {
            JsonValue.Write(json, fields.Spelled(field, field.Of(lead), spelling), time, textLimit);
        }
    }

    private void WriteSystemKeys(Utf8JsonWriter json, Lead lead)
    {
        json.WriteBoolean("$approved", dials.IsApproved(lead));
        json.WriteString("$approval_state", dials.IsApproved(lead) ? "approved" : "in_progress");
        json.WriteBoolean("$editable", true);
        json.WriteBoolean("$converted", lead.Conversion is not null);
        json.WriteString("$currency_symbol", "$");
        json.WriteNull("$review");
        json.WriteBoolean("$in_merge", false);
        json.WriteString("$state", "save");
        json.WriteBoolean("$locked_for_me", false);
        json.WriteStartObject("$approval");
        json.WriteBoolean("delegate", false);
        json.WriteBoolean("approve", false);
        json.WriteEndObject();
    }
}
