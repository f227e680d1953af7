using System.Reflection;
using MassTransit;
using MassTransit.Context;

namespace LeadSync.UnitTests.ServiceDefaults.Bus;

/// <summary>A message as MassTransit passes it to a consumer. Only the members that the services use have values.</summary>
public class Delivery : DispatchProxy
{
    private readonly Dictionary<string, object?> answers = [];

    internal static ConsumeContext<T> Of<T>(T message, bool redelivered = false)
        where T : class => (ConsumeContext<T>)Of(typeof(T), message, redelivered);

    // A proxy of ConsumeContext<T> could not be made for a message that is internal.
    internal static object Of(Type type, object message, bool redelivered = false) =>
        Activator.CreateInstance(
            typeof(MessageConsumeContext<>).MakeGenericType(type),
            Create(typeof(ConsumeContext), new()
            {
                ["get_Headers"] = Create(typeof(Headers), []),
                ["get_CancellationToken"] = TestContext.Current.CancellationToken,
                ["get_ReceiveContext"] = Create(typeof(ReceiveContext), new() { ["get_Redelivered"] = redelivered }),
            }),
            message)!;

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        answers.TryGetValue(targetMethod!.Name, out var answer) ? answer
        : targetMethod.ReturnType.IsValueType && targetMethod.ReturnType != typeof(void) ? Activator.CreateInstance(targetMethod.ReturnType)
        : null;

    internal static T Context<T>(Dictionary<string, object?> answers)
        where T : class => (T)Create(typeof(T), answers);

    private static object Create(Type type, Dictionary<string, object?> answers)
    {
        var proxy = Create(type, typeof(Delivery));
        foreach (var (member, answer) in answers)
            ((Delivery)proxy).answers.Add(member, answer);
        return proxy;
    }
}
