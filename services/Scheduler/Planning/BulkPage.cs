using System.Collections.Immutable;
using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>A page of a run, and the jobs that were created for it: one, unless it failed or its command was repeated.</summary>
/// <param name="Number">1-based.</param>
internal sealed record BulkPage(int Number)
{
    public ImmutableSortedDictionary<string, BulkJob> Jobs
    {
        get;
        init
        {
            field = value;
            Job = Furthest(value.Values);
        }
    } = ImmutableSortedDictionary.Create<string, BulkJob>(StringComparer.Ordinal);

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>How often a job was asked for.</summary>
    public int Sent { get; init; }

    /// <summary>Whether a job was requested since the last failure.</summary>
    public bool IsRequested { get; init; }

    /// <summary>Why the last request that was answered led to no job, or why its job failed. A new request does not clear it: a job that
    /// was just created has not read the page yet.</summary>
    public string? Failure { get; init; }

    /// <summary>The job that counts: the one that has come furthest; of equals, the one that Zoho created first.</summary>
    public BulkJob? Job { get; private init; }

    /// <summary>The jobs that failed; null when none did.</summary>
    public IReadOnlyList<string>? FailedJobs =>
        Jobs.Values.Where(job => !job.IsUsable).Select(job => job.Id).ToList() is { Count: > 0 } failed ? failed : null;

    public BulkPageReady? Result => Job?.Result;

    public bool IsProjected => Job is { IsProjected: true };

    public BulkPage On(StartBulkReadSent sent) => this with { SentAt = sent.At, Sent = Sent + 1, IsRequested = true };

    public BulkPage With(string jobId, Func<BulkJob, BulkJob> change) =>
        this with { Jobs = Jobs.SetItem(jobId, change(Jobs.GetValueOrDefault(jobId) ?? new BulkJob(jobId))) };

    /// <param name="jobId">Null when no job could be created.</param>
    public BulkPage Failed(string? jobId, string reason)
    {
        // A repeated message says nothing about a job that was asked for since.
        if (jobId is not null && Jobs.GetValueOrDefault(jobId)?.Failure is not null)
            return this;

        var page = jobId is null ? this : With(jobId, job => job.Failed(reason));
        if (page.Job is not null)
            return page;

        return page with { IsRequested = false, Failure = IsRequested ? reason : Failure ?? reason };
    }

    private static BulkJob? Furthest(IEnumerable<BulkJob> jobs) => jobs.Where(job => job.IsUsable)
        .OrderByDescending(job => job.IsProjected).ThenByDescending(job => job.Result is not null)
        .ThenBy(job => job.CreatedTime ?? DateTimeOffset.MaxValue).ThenBy(job => job.Id, StringComparer.Ordinal)
        .FirstOrDefault();
}
