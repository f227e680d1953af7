using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>The known state of one of Zoho's jobs. Each message only adds to it, so the messages' order and repetitions do not
/// matter.</summary>
internal sealed record BulkJob(string Id)
{
    public DateTimeOffset? CreatedTime { get; init; }

    public BulkPageReady? Result { get; init; }

    public BulkPageProjected? Projection { get; init; }

    /// <summary>Why the job failed.</summary>
    public string? Failure { get; init; }

    public bool CalledBack { get; init; }

    public DateTimeOffset? CheckSentAt { get; init; }

    public int ChecksSent { get; init; }

    /// <summary>How often its page was announced again because nobody had projected it.</summary>
    public int Reminders { get; init; }

    public bool IsUsable => Failure is null || IsProjected;

    // BulkPageProjected may arrive before BulkPageReady.
    public bool IsProjected => Result is not null && Projection is not null;

    public BulkJob On(BulkJobCreated created) => this with { CreatedTime = Moments.Earlier(CreatedTime, created.CreatedTime) };

    public BulkJob On(BulkPageReady ready) => this with
    {
        CreatedTime = Moments.Earlier(CreatedTime, ready.CreatedTime),
        Result = Result ?? ready,
    };

    public BulkJob On(BulkPageProjected projected) => this with { Projection = Projection ?? projected };

    public BulkJob On(BulkJobCalledBack _) => this with { CalledBack = true };

    public BulkJob On(CheckBulkJobSent sent) => Result is null
        ? this with { CheckSentAt = sent.At, ChecksSent = ChecksSent + 1, CalledBack = false }
        : this with { CheckSentAt = sent.At, Reminders = Reminders + 1 };

    public BulkJob Failed(string reason) => this with { Failure = Failure ?? reason };
}
