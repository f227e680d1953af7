using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Projector.FullComparisons;

/// <summary>
/// Finds the living leads that a full comparison did not show, and announces them: the gateway asks Zoho about each before LeadSync
/// removes it. When too many are missing, they wait for an operator instead. The scheduler repeats a command that was not answered: a run
/// that has been compared is not compared again, and its answer is repeated.
/// </summary>
internal sealed partial class FullComparison(IMissingLeads leads, Publish publish, TimeProvider clock, ILogger<FullComparison> log)
{
    private const int AnnouncedAtOnce = 50;

    public async Task Compare(CompareLeads run, CancellationToken ct) =>
        await publish(await leads.Answer(run.RunId, ct) ?? await CompareFirst(run, ct), ct);

    /// <summary>Announces the held-back leads, after an operator has released them.</summary>
    public async Task Release(AnnounceMissing release, CancellationToken ct)
    {
        var answer = await leads.Answer(release.RunId, ct);
        if (answer is not { HeldBack: false })
        {
            var (living, missing) = await leads.HeldBack(release.RunId, ct);
            await Announce(missing, ct);
            answer = new LeadsCompared(release.RunId, living, missing.Count);
            await leads.Remember(answer, ct);
        }

        await publish(answer, ct);
    }

    private async Task<LeadsCompared> CompareFirst(CompareLeads run, CancellationToken ct)
    {
        var (living, missing, isComplete) = await leads.Count(run, ct);
        // When the projector has forgotten a page, its leads only seem to be missing.
        var isHeldBack = (missing > 0 && !isComplete) || RemovalGuard.HoldsBack(living, missing, run.MaximumShare);
        if (isHeldBack)
        {
            await leads.HoldBack(run, living, ct);
            HeldBack(missing, living);
        }
        else if (missing > 0)
        {
            await Announce(await leads.Find(run, ct), ct);
        }

        var answer = new LeadsCompared(run.RunId, living, missing, isHeldBack);
        await leads.Remember(answer, ct);
        return answer;
    }

    private async Task Announce(IReadOnlyList<string> missing, CancellationToken ct)
    {
        foreach (var ids in missing.Chunk(AnnouncedAtOnce))
            await publish(new LeadsAnnounced(ids, Source.FullComparison, clock.GetUtcNow()), ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "A full comparison is held back: Zoho did not show {Missing} of {Living} leads. `leadsync compare held` lists them. If they "
            + "were deleted, run `leadsync compare release`; otherwise `leadsync compare drop`")]
    private partial void HeldBack(int missing, int living);
}
