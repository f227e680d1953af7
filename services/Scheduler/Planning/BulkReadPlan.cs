using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>Plans bulk reads: when a run begins, and when each of its pages is requested, checked and requested again.</summary>
internal static class BulkReadPlan
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(60);
    // Zoho promises no time for a job, and keeps its file for a day.
    private static readonly TimeSpan FirstJobPatience = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestJobPatience = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    // Zoho: a job costs 50 credits, whether or not its file can be used. After so many failures the trouble is not passing: from then on at
    // most 700 credits a day.
    private const int JobsInAHurry = 10;
    private static readonly TimeSpan CostlyPause = TimeSpan.FromHours(2);

    private static readonly TimeSpan FirstCheck = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstReminder = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestReminder = TimeSpan.FromHours(2);

    private const int MostComparisonsOfHidden = 3;

    // Without this pause, gateways that disagree about the fields would cause one full read after another.
    private static readonly TimeSpan SoonPause = TimeSpan.FromMinutes(10);

    public static IEnumerable<Decision> Decide(SyncState state, SchedulerOptions options, DateTimeOffset now)
    {
        if (state.Run is not { } run)
            return NextRun(state, options, now) is { } next && CreditPlan.AllowsRead(state, next.Purpose) ? [next] : [];
        if (run.MustRestart)
            return state.IsPaused ? [] : [Start(state, run.Purpose, run.ModifiedSince, run.Attempt + 1, now)];

        return run.KnownPages.Where(page => page.Job is { Result: null } && now >= (page.SentAt ?? run.StartedAt) + JobPatience(page))
            .Select<BulkPage, Decision>(page => new BulkJobFailed(
                run.Id, page.Number, page.Job!.Id, $"Zoho did not complete the job within {JobPatience(page).TotalHours:0} h."));
    }

    private static TimeSpan JobPatience(BulkPage page) => Backoff.After(page.Jobs.Count, FirstJobPatience, LongestJobPatience);

    public static IEnumerable<Dispatch> Commands(SyncState state, DateTimeOffset now)
    {
        if (state.Run is not { MustRestart: false } run)
            yield break;

        var token = default(string);
        foreach (var page in run.KnownPages)
        {
            if (page.Job is { IsProjected: false } job && now >= CheckDue(run, page, job))
            {
                var check = new CheckBulkJob(run.Id, page.Number, job.Id, now + CommandLife.Short);
                yield return (check, new CheckBulkJobSent(run.Id, page.Number, job.Id, now));
            }

            if (page.Job is null && !state.IsPaused && now >= ReadDue(run, page))
            {
                var command = new StartBulkRead(
                    run.Id, page.Number, token, run.ModifiedSince, page.FailedJobs, now + CommandLife.OfJob);
                yield return (command, new StartBulkReadSent(run.Id, page.Number, now));
            }

            token = page.Result?.NextPageToken;
        }
    }

    /// <summary>When the next full comparison is due; null before the first full read.</summary>
    public static DateTimeOffset? FullComparisonDue(SyncState state, SchedulerOptions options)
    {
        if (state.LastFullRead is not { } last)
            return null;
        if (state.IsFullComparisonWanted)
            return DateTimeOffset.MinValue;

        // Leads that were read with different fields than the others lack some. And only a comparison finds deletions that Zoho does not
        // list: a few comparisons find all, unless some leads cannot be settled.
        var isSoon = last.FieldSet is null || (state.AreDeletionsHidden && state.ComparisonsOfHidden < MostComparisonsOfHidden);
        var isShort = isSoon && SoonPause < options.FullComparisonInterval;
        return last.StartedAt + (isShort ? SoonPause : options.FullComparisonInterval);
    }

    private static BulkRunStarted? NextRun(SyncState state, SchedulerOptions options, DateTimeOffset now) => state switch
    {
        { IsPaused: true } => null,
        // Changes during the first read have to be announced already.
        { LastFullRead: null } => state.Channel.IsOpenAt(now) ? Start(state, BulkPurpose.InitialRead, null, 1, now) : null,
        { CatchUps.TooLargeSince: { } since } => Start(state, BulkPurpose.CatchUp, since, 1, now),
        _ => now >= FullComparisonDue(state, options) ? Start(state, BulkPurpose.FullComparison, null, 1, now) : null,
    };

    private static BulkRunStarted Start(SyncState state, BulkPurpose purpose, DateTimeOffset? since, int attempt, DateTimeOffset now) =>
        new(DerivedId.From("bulk run", state.RunsStarted, now), purpose, since, attempt, now);

    private static DateTimeOffset ReadDue(BulkRun run, BulkPage page)
    {
        if (page.SentAt is not { } sentAt)
            return run.Attempt == 1
                ? run.StartedAt : run.StartedAt + Backoff.After(run.Attempt - 1, FirstPause, Longest(run.Attempt - 1), run.Id);

        var pause = Backoff.After(page.Sent, FirstPause, Longest(page.Jobs.Count), run.Id);
        return sentAt + (page.IsRequested && pause < AnswerPatience ? AnswerPatience : pause);
    }

    private static TimeSpan Longest(int jobs) => jobs < JobsInAHurry ? LongestPause : CostlyPause;

    private static DateTimeOffset CheckDue(BulkRun run, BulkPage page, BulkJob job)
    {
        var last = job.CheckSentAt ?? page.SentAt ?? run.StartedAt;
        if (job.Result is not null)
            return last + Backoff.After(job.Reminders + 1, FirstReminder, LongestReminder);

        return job.CalledBack ? last : last + Backoff.After(job.ChecksSent + 1, FirstCheck, LongestCheck);
    }
}
