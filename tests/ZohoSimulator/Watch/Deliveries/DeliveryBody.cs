using System.Buffers;
using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;
using Microsoft.AspNetCore.WebUtilities;

namespace LeadSync.ZohoSimulator.Watch.Deliveries;

/// <summary>The JSON of a delivery.</summary>
internal sealed class DeliveryBody(Dials dials, VirtualClock clock, UserTime time, Chance chance)
{
    public byte[] Write(Delivery delivery)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, ZohoJson.Writing))
            Write(json, delivery);
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json, Delivery delivery)
    {
        var channel = delivery.Channel;
        json.WriteStartObject();
        WriteServerTime(json);
        var valued = channel.WithAffectedValues && delivery.Operation != Announce.Insert;
        if (valued && !chance.Happens(dials.DeliveryWithoutAffectedValuesRate))
            WriteAffectedValues(json, delivery);
        WriteQuery(json, channel.NotifyUrl);
        json.WriteString("module", channel.Module.Name);
        json.WriteString("resource_uri", channel.Module.ResourceUri);
        json.WriteStartArray("ids");
        foreach (var change in delivery.Events)
            json.WriteStringValue($"{change.Lead.Id}");
        json.WriteEndArray();
        WriteAffectedFields(json, delivery, valued);
        json.WriteString("operation", Operation(delivery.Operation));
        WriteChannel(json, channel, delivery.Operation);
        json.WriteEndObject();
    }

    private void WriteServerTime(Utf8JsonWriter json)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (dials.DeliveryTextServerTime)
            json.WriteString("server_time", $"{now}");
        else
            json.WriteNumber("server_time", now);
    }

    private void WriteAffectedValues(Utf8JsonWriter json, Delivery delivery)
    {
        json.WriteStartArray("affected_values");
        foreach (var change in delivery.Events)
        {
            json.WriteStartObject();
            json.WriteString("record_id", $"{change.Lead.Id}");
            json.WriteStartObject("values");
            foreach (var (name, value) in ValuesOf(change))
            {
                json.WritePropertyName(name);
                JsonValue.Write(json, value, time);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteQuery(Utf8JsonWriter json, Uri url)
    {
        json.WriteStartObject("query_params");
        foreach (var (name, values) in QueryHelpers.ParseQuery(url.Query))
            json.WriteString(name, values.ToString());
        json.WriteEndObject();
    }

    private static void WriteAffectedFields(Utf8JsonWriter json, Delivery delivery, bool named)
    {
        json.WriteStartArray("affected_fields");
        foreach (var change in named ? delivery.Events : [])
        {
            json.WriteStartObject();
            json.WriteStartArray($"{change.Lead.Id}");
            foreach (var (name, _) in ValuesOf(change))
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IEnumerable<(string Name, object? Value)> ValuesOf(LeadEvent change) => change.Operation == Announce.Delete
        ? [("Modified_By", change.Lead.ModifiedBy), ("Record_Status__s", 0L)]
        : change.Changed.Select(field => (field.ApiName, field.Of(change.Lead)));

    private string Operation(Announce operation) => chance.Happens(dials.DeliveryUnknownOperationRate) ? "touch" : operation switch
    {
        Announce.Insert => dials.DeliveryEventWords ? "create" : "insert",
        Announce.Update => dials.DeliveryEventWords ? "edit" : "update",
        _ => "delete",
    };

    private void WriteChannel(Utf8JsonWriter json, Subscription channel, Announce operation)
    {
        if (dials.DeliveryNumericChannelId)
        {
            json.WritePropertyName("channel_id");
            json.WriteRawValue(channel.ChannelId);
        }
        else
        {
            json.WriteString("channel_id", channel.ChannelId);
        }

        var wrong = chance.Happens(dials.DeliveryWrongTokenRate) ? "not-the-token" : channel.Token;
        var isNull = dials.DeliveryNullToken || (dials.DeliveryNullTokenOfDeletions && operation == Announce.Delete);
        json.WriteString("token", isNull ? null : wrong);
    }
}
