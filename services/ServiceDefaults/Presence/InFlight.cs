using System.Collections.Concurrent;
using MassTransit;

namespace LeadSync.ServiceDefaults.Presence;

/// <summary>The messages of changes that this process is working on, and since when each waits. Together with the messages in the queues,
/// they are the changes that Zoho has announced and that are not yet in the view.</summary>
public sealed class InFlight : IFilter<ConsumeContext>
{
    /// <summary>The queues that a change goes through, from the notification to the view.</summary>
    public static IReadOnlyList<string> Queues { get; } = ["leads-announced", "leads-changed", "lead-changed"];

    private readonly ConcurrentDictionary<long, DateTimeOffset> sentAt = new();
    private long last;

    public (int Count, DateTimeOffset? Oldest) Now
    {
        get
        {
            var times = sentAt.Values;
            return (times.Count, times.Count == 0 ? null : times.Min());
        }
    }

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        var number = Interlocked.Increment(ref last);
        if (context.SentTime is { } sent)
            sentAt[number] = sent.ToUniversalTime();
        try
        {
            await next.Send(context);
        }
        finally
        {
            sentAt.TryRemove(number, out _);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("inFlight");
}
