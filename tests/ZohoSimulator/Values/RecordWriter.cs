using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Values;

/// <summary>Writes leads as JSON records.</summary>
internal sealed class RecordWriter(FieldCatalogue fields, UserTime time, Dials dials)
{
    /// <summary>As in a list: the id and the fields that were asked for, long texts cut.</summary>
    public void WriteListed(Utf8JsonWriter json, Lead lead, IReadOnlyList<Field> asked)
    {
        json.WriteStartObject();
        json.WriteString("id", $"{lead.Id}");
        foreach (var field in asked)
        {
            if (field != fields.Id && !field.SingleOnly)
                WriteField(json, field, lead, field.DataType == "textarea" && dials.ListTextLimit > 0 ? dials.ListTextLimit : int.MaxValue);
        }

        json.WriteEndObject();
    }

    /// <summary>As a single record: every visible field in full, and what Zoho adds with a <c>$</c>.</summary>
    public void WriteWhole(Utf8JsonWriter json, Lead lead)
    {
        json.WriteStartObject();
        json.WriteString("id", $"{lead.Id}");
        foreach (var field in fields.Visible)
        {
            if (field != fields.Id)
                WriteField(json, field, lead);
        }

        WriteSystemKeys(json, lead);
        json.WriteEndObject();
    }

    private void WriteField(Utf8JsonWriter json, Field field, Lead lead, int textLimit = int.MaxValue)
    {
        json.WritePropertyName(field.ApiName);
        if (field.DataType is "subform" or "multiselectlookup")
        {
            json.WriteStartArray();
            json.WriteEndArray();
        }
        else
        {
            JsonValue.Write(json, field.Of(lead), time, textLimit);
        }
    }

    private static void WriteSystemKeys(Utf8JsonWriter json, Lead lead)
    {
        json.WriteBoolean("$approved", true);
        json.WriteString("$approval_state", "approved");
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
