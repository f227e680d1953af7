using System.Diagnostics;
using System.Runtime.Serialization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadSync.ServiceDefaults.Parking;
using MassTransit;
using Npgsql;
using RabbitMQ.Client;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>A parked message: its queue, the reason, and everything that is needed to send it again.</summary>
internal static class ParkedMessage
{
    private const string FirstDeathQueueHeader = "x-first-death-queue";
    private const string FirstDeathReasonHeader = "x-first-death-reason";

    public static ParkedItem Of(ReceiveContext context, Exception? failure)
    {
        var properties = context.TryGetPayload<RabbitMqBasicConsumeContext>(out var delivery) ? delivery.Properties : new BasicProperties();
        var headers = Texts(properties);
        var body = context.GetBody();
        var queue = headers.GetValueOrDefault(FirstDeathQueueHeader) ?? context.InputAddress.Segments[^1];
        var sentWith = new MessageProperties(
            properties.ContentType,
            properties.MessageId,
            headers.Where(header => !header.Key.StartsWith("x-", StringComparison.Ordinal)).ToDictionary());
        return new ParkedItem(
            ParkedKind.Message, properties.MessageId ?? Convert.ToHexStringLower(SHA256.HashData(body)), queue, Reason(headers, failure),
            Content: body, Properties: JsonSerializer.Serialize(sentWith, JsonSerializerOptions.Web));
    }

    // An exception's text may quote a lead; its type and place cannot.
    private static string Reason(Dictionary<string, string> headers, Exception? failure) => failure switch
    {
        _ when headers.TryGetValue(FirstDeathReasonHeader, out var death) =>
            $"RabbitMQ gave the message up after many deliveries without an acknowledgement ({death}).",
        null => "No consumer of this queue handles messages of this type.",
        SerializationException => "The message cannot be read: it is malformed, or does not have the type that it names.",
        _ => $"{Name(failure.GetBaseException())}{Place(failure.GetBaseException())}.",
    };

    private static string Name(Exception failure) =>
        failure is PostgresException refused
            ? $"PostgreSQL refused the message's data ({refused.SqlState})" : $"Its handler failed with {failure.GetType().Name}";

    private static string Place(Exception failure) =>
        new StackTrace(failure).GetFrames().Select(frame => frame.GetMethod()?.DeclaringType)
            .Select(type => type is { IsNested: true } ? type.DeclaringType : type)
            .FirstOrDefault(type => type?.Namespace?.StartsWith("LeadSync", StringComparison.Ordinal) == true) is { } place
            ? $" in {place.Name}"
            : "";

    private static Dictionary<string, string> Texts(IReadOnlyBasicProperties properties) =>
        (properties.Headers ?? new Dictionary<string, object?>())
            .Where(header => header.Value is byte[] or string)
            .ToDictionary(header => header.Key,
                header => header.Value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : (string)header.Value!);
}
