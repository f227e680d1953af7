using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>What is known about the sync in addition to the state that its events fold to.</summary>
internal sealed record StatusInputs(bool HasLeader)
{
    public DateTimeOffset? LastTickAt { get; init; }

    public IReadOnlyList<RunningService> Services { get; init; } = [];

    public Outage? Broker { get; init; }

    public Outage? Database { get; init; }

    public DateTimeOffset? ReceivedAt { get; init; }

    public WaitingChanges? Waiting { get; init; }

    public WaitingChanges? Rereads { get; init; }

    public LastChange? LastChange { get; init; }

    /// <summary>The progress of the running bulk read's pages.</summary>
    public IReadOnlyList<PageProgress> Progress { get; init; } = [];

    public IReadOnlyDictionary<string, long> Parked { get; init; } = new Dictionary<string, long>();

    public DateTimeOffset? CertificateEnds { get; init; }

    public string? AlertTrouble { get; init; }
}

/// <summary>Since when something cannot be reached, and why.</summary>
internal sealed record Outage(DateTimeOffset Since, string Why);

/// <summary>A service, as the heartbeats of its processes show it.</summary>
/// <param name="Versions">The versions of the running processes, each once.</param>
/// <param name="StartedAt">When the oldest running process began.</param>
/// <param name="SeenAt">When a process last wrote a heartbeat; null when none ever did.</param>
internal sealed record RunningService(string Service, int Replicas, IReadOnlyList<string> Versions, DateTimeOffset? StartedAt,
    DateTimeOffset? SeenAt);

/// <summary>Messages with leads that are not yet in the view. A message may have many leads.</summary>
/// <param name="Oldest">When the oldest message was sent; null when that is unknown.</param>
internal sealed record WaitingChanges(long Count, DateTimeOffset? Oldest);

/// <summary>The running processes and the work that they have begun, by their heartbeats.</summary>
internal sealed record Presence(IReadOnlyList<RunningService> Services, int WorkingOn, DateTimeOffset? WorkingSince)
{
    /// <summary>For how long a process counts as running after its last heartbeat.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Expected = ["gateway", "projector", "scheduler"];

    public static async Task<Presence> Read(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select service, count(*) filter (where runs), array_agg(distinct version) filter (where runs), 
                min(started_at) filter (where runs), max(seen_at),
                coalesce(sum(working_on) filter (where runs), 0), min(working_since) filter (where runs)
            from (select *, seen_at > now() - $1 as runs from parking.running) all_of_them group by service
            """).With(Patience);
        var (seen, workingOn, since) = (new Dictionary<string, RunningService>(), 0, default(DateTimeOffset?));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            seen[row.GetString(0)] = new(row.GetString(0), (int)row.GetInt64(1), row.TextsOrNone(2), row.TimeOrNull(3), row.TimeOrNull(4));
            workingOn += (int)row.GetInt64(5);
            since = Planning.Moments.Earlier(since, row.TimeOrNull(6));
        }

        return new([.. Expected.Select(name => seen.GetValueOrDefault(name) ?? new(name, 0, [], null, null))], workingOn, since);
    }
}
