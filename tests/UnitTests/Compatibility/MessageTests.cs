using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Projector.Leads;
using LeadSync.Scheduler.Recording;
using MassTransit;
using MassTransit.Context;
using MassTransit.Logging;
using MassTransit.Serialization;

namespace LeadSync.UnitTests.Compatibility;

/// <summary>
/// During a rolling upgrade and a rollback, one version reads the messages of the other. So golden files pin every message's envelope: this
/// version reads the files, and its output still has every value in them.
/// </summary>
public sealed class MessageTests
{
    private const string Kind = "Messages";

    // Parts of messages, which are never sent alone, and the contracts of HTTP.
    private static readonly Type[] NoMessages = [typeof(LeadContent), typeof(Origin), typeof(LeadField), typeof(LeadFields),
        typeof(LeadDictionary), typeof(DescribedField), typeof(CrmUser), typeof(FieldPreview)];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    // As the projector reads the gateway's answer.
    private static readonly JsonSerializerOptions Http = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() }, WriteIndented = true
    };

    public static TheoryData<string> Names => [.. Samples.Messages.Keys];

    [Theory, MemberData(nameof(Names))]
    public void a_message_of_an_earlier_version_is_understood(string name)
    {
        var sample = Samples.Messages[name];

        var context = SystemTextJsonMessageSerializer.Instance.Deserialize(
            new StringMessageBody(Envelope(name)), new DictionarySendHeaders());

        context.TryGetMessage(sample.GetType(), out var message).ShouldBeTrue();
        JsonSerializer.Serialize(message).ShouldBe(JsonSerializer.Serialize(sample));
    }

    [Theory, MemberData(nameof(Names))]
    public void an_earlier_version_understands_what_is_published_now(string name)
    {
        var golden = JsonDocument.Parse(Envelope(name)).RootElement;
        var today = JsonDocument.Parse(Written(Samples.Messages[name])).RootElement;

        Golden.FirstLoss(golden, today).ShouldBeNull();
    }

    [Fact]
    public void every_message_has_a_golden_file()
    {
        var messages = typeof(LeadChanged).Assembly.GetExportedTypes()
            .Where(type => type is { IsEnum: false, IsAbstract: false })
            .Append(typeof(LookAgain)).Append(typeof(LookAgainInQuestion))
            .Except(NoMessages);

        messages.Except(Samples.Messages.Values.Select(sample => sample.GetType())).Select(type => type.Name).ShouldBeEmpty(
            "Add a sample of it to Samples.Messages, with every member set, and run these tests with ADD_GOLDEN=1. "
            + "If it only travels inside other messages, name it in MessageTests.NoMessages.");
    }

    [Fact]
    public void every_golden_file_is_still_read() => Golden.Names(Kind).Except(Samples.Messages.Keys).ShouldBeEmpty(
        "A queue may still hold such a message: keep its record, its consumer and its sample, or say in docs/decisions since which "
            + "version nobody sends it.");

    [Fact]
    public void a_member_that_came_later_has_a_default() => Members.WithoutDefault(Written()).ShouldBeEmpty(
        "Messages without it are still on their way: give it a default that means what its absence meant.");

    [Fact]
    public void every_member_has_a_value_in_a_golden_file() => Members.WithoutValue(Written()).ShouldBeEmpty(
        "Nothing pins how it is written: add one more sample of the message that sets it, for instance GapDetected.2, and run these tests "
            + "with ADD_GOLDEN=1.");

    /// <summary>The bus writes them as numbers.</summary>
    [Fact]
    public void new_kinds_come_after_those_that_are_there()
    {
        string.Join(' ', Enum.GetNames<Source>()).ShouldStartWith("Notification BulkPage CatchUp FullComparison");
        string.Join(' ', Enum.GetNames<GapKind>()).ShouldStartWith(
            "Other NoGateway GatewayCrashed Refused Unreadable ChannelLost ChannelExpired ChannelSilent ManyAtOnce DeletionsHidden");
    }

    [Theory]
    [InlineData("LeadFields")]
    [InlineData("LeadFields.2")]
    public void the_fields_that_an_earlier_gateway_answers_are_understood(string name)
    {
        var sample = Samples.Fields[name];

        JsonSerializer.Serialize(JsonSerializer.Deserialize<LeadFields>(Answer(name), Http)).ShouldBe(JsonSerializer.Serialize(sample));
        Golden.FirstLoss(JsonDocument.Parse(Answer(name)).RootElement, JsonSerializer.SerializeToElement(sample, Http)).ShouldBeNull();
    }

    [Fact]
    public void every_member_of_the_fields_has_a_golden_file_and_a_default_if_it_came_later()
    {
        var answers = Samples.Fields.Keys.Select(name => (typeof(LeadFields), JsonDocument.Parse(Answer(name)).RootElement)).ToList();

        Members.WithoutDefault(answers).ShouldBeEmpty();
        Members.WithoutValue(answers)
            .ShouldBeEmpty("Add one more sample to Samples.Fields that sets it, and run these tests with ADD_GOLDEN=1.");
    }

    /// <summary>
    /// A queue's name comes from its consumer. After a change of the name, no service would read the messages in the old queue.
    /// </summary>
    [Fact]
    public void queues_keep_their_names()
    {
        var golden = JsonSerializer.Deserialize<string[]>(Golden.Read("Queues", "queues", () => JsonSerializer.Serialize(Queues())))!;

        golden.Except(Queues()).ShouldBeEmpty("Rename the consumer back, or keep one of the old name that reads what is left.");
    }

    private static string[] Queues() =>
    [
        .. new[] { typeof(LookAgain).Assembly, typeof(Lead).Assembly, typeof(StoredEvents).Assembly }
            .SelectMany(service => service.GetTypes())
            .Where(type =>
                !type.IsAbstract
                    && type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IConsumer<>)))
            .Where(type => type != typeof(SyncEventConsumer))
            .Select(type => KebabCaseEndpointNameFormatter.Instance.SanitizeName(type.Name[..^"Consumer".Length]))
            .Order(StringComparer.Ordinal),
    ];

    private static string Answer(string name) => Golden.Read("Http", name, () => JsonSerializer.Serialize(Samples.Fields[name], Http));

    private static IEnumerable<(Type Type, JsonElement Json)> Written() => Samples.Messages.Select(sample =>
        (sample.Value.GetType(), JsonDocument.Parse(Envelope(sample.Key)).RootElement.GetProperty("message")));

    private static string Envelope(string name) => Golden.Read(Kind, name, () => Written(Samples.Messages[name]));

    private static string Written(object message)
    {
        var write = typeof(MessageTests)
            .GetMethod(nameof(Envelope), 1, BindingFlags.Static | BindingFlags.NonPublic, [Type.MakeGenericMethodParameter(0)])!;
        return (string)write.MakeGenericMethod(message.GetType()).Invoke(null, [message])!;
    }

    private static string Envelope<T>(T message)
        where T : class
    {
        var context = new MessageSendContext<T>(message)
        {
            MessageId = Guid.Parse("08dec9f0-0000-0000-4a5b-08de00000001"),
            ConversationId = Guid.Parse("08dec9f0-0000-0000-4a5b-08de00000002"),
            SourceAddress = new Uri("rabbitmq://localhost/gateway"),
            DestinationAddress = new Uri($"rabbitmq://localhost/{typeof(T).Namespace}:{typeof(T).Name}"),
        };
        context.Headers.Set(DiagnosticHeaders.ActivityId, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        var envelope = JsonNode.Parse(SystemTextJsonMessageSerializer.Instance.GetMessageBody(context).GetString())!;
        // Time and place of sending differ each time, and no consumer reads them.
        envelope["sentTime"] = "2026-08-20T10:00:00Z";
        envelope.AsObject().Remove("host");
        return envelope.ToJsonString(Indented);
    }
}
