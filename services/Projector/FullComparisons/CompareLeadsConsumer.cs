using LeadSync.Contracts;
using MassTransit;

namespace LeadSync.Projector.FullComparisons;

/// <summary>
/// Finds the living leads that a complete bulk read did not show, and announces them: the gateway asks Zoho about each before anything is removed.
/// When they are suspiciously many, they wait for an operator instead.
/// </summary>
internal sealed partial class CompareLeadsConsumer(MissingLeads leads, IBus bus, TimeProvider clock, ILogger<CompareLeadsConsumer> log)
    : IConsumer<CompareLeads>, IConsumer<AnnounceMissing>
{
    private const int AnnouncedAtOnce = 50;

    public async Task Consume(ConsumeContext<CompareLeads> context)
    {
        var run = context.Message;
        var (living, missing) = await leads.Find(run, context.CancellationToken);
        var isHeldBack = RemovalGuard.HoldsBack(living, missing.Count, run.MaximumShare);
        if (isHeldBack)
        {
            await leads.HoldBack(run.RunId, living, missing, context.CancellationToken);
            HeldBack(missing.Count, living);
        }
        else
        {
            await Announce(missing, context.CancellationToken);
        }

        await bus.Publish(new LeadsCompared(run.RunId, living, missing.Count, isHeldBack), context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<AnnounceMissing> context)
    {
        var (living, missing) = await leads.HeldBack(context.Message.RunId, context.CancellationToken);
        await Announce(missing, context.CancellationToken);
        await bus.Publish(new LeadsCompared(context.Message.RunId, living, missing.Count), context.CancellationToken);
    }

    private async Task Announce(IReadOnlyList<string> missing, CancellationToken ct)
    {
        foreach (var ids in missing.Chunk(AnnouncedAtOnce))
            await bus.Publish(new LeadsAnnounced(ids, Source.FullComparison, clock.GetUtcNow()), ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "A full comparison is held back: Zoho did not show {Missing} of {Living} leads. See whether that can be, then POST /full-comparison/release or /full-comparison/drop to the scheduler")]
    private partial void HeldBack(int missing, int living);
}
