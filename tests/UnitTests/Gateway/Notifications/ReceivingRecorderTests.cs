using System.Net.Sockets;
using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Zoho.Calls;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Notifications;

/// <summary>This machine's clock is an hour ahead of Zoho's clock. The database's clock is half an hour behind this machine's.</summary>
public sealed class ReceivingRecorderTests
{
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(1);
    private static readonly TimeSpan DatabaseBehind = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider time = new(Start + Ahead);
    private readonly FakeZoho zoho = new();
    private readonly ZohoClock clock;
    private readonly Receiving receiving = new();
    private readonly Record record = new();
    private readonly List<GapDetected> gaps = [];
    private readonly ReceivingRecorder recorder;

    public ReceivingRecorderTests()
    {
        clock = new ZohoClock(time);
        // Every answer of Zoho shows Zoho's time.
        zoho.OnCall = _ => clock.Observe(time.GetUtcNow(), TimeSpan.Zero, time.GetUtcNow() - Ahead);
        record.Now = () => time.GetUtcNow() - DatabaseBehind;
        recorder = new ReceivingRecorder(record, Publish, zoho, receiving, clock, time);
    }

    [Fact]
    public async Task what_was_refused_before_zoho_had_shown_its_clock_is_a_gap_of_zoho_s_time()
    {
        receiving.RecordRefused(time.GetUtcNow());
        time.Advance(TimeSpan.FromSeconds(2));

        await recorder.Beat(TestContext.Current.CancellationToken);

        var gap = gaps.ShouldHaveSingleItem();
        gap.From.ShouldBe(Start.AddMinutes(-1), Tolerance);
        gap.To.ShouldBe(Start.AddSeconds(2), Tolerance);
    }

    [Fact]
    public async Task a_hole_in_the_record_is_a_gap_of_zoho_s_time_whatever_the_database_s_clock_says()
    {
        record.Last = record.Now() - TimeSpan.FromMinutes(5);

        await recorder.Beat(TestContext.Current.CancellationToken);

        var gap = gaps.ShouldHaveSingleItem();
        gap.From.ShouldBe(Start.AddMinutes(-6), Tolerance);
        gap.To.ShouldBe(Start, Tolerance);
    }

    [Fact]
    public async Task a_replica_that_crashed_is_a_gap_of_zoho_s_time_whatever_the_database_s_clock_says()
    {
        record.Last = record.Now() - TimeSpan.FromSeconds(1);
        record.FirstOfOthers = record.Now() - TimeSpan.FromSeconds(90);

        await recorder.Beat(TestContext.Current.CancellationToken);

        gaps.ShouldHaveSingleItem().From.ShouldBe(Start.AddSeconds(-150), Tolerance);
    }

    [Fact]
    public async Task when_a_notification_was_heard_stays_what_it_was_when_zoho_s_clock_is_set()
    {
        await recorder.Beat(TestContext.Current.CancellationToken);
        receiving.RecordAccepted(Start);

        clock.Observe(time.GetUtcNow(), TimeSpan.Zero, Start.AddMinutes(10));
        await recorder.Beat(TestContext.Current.CancellationToken);

        record.HeardAt.ShouldBe(Start);
    }

    [Fact]
    public async Task the_record_moves_on_and_forgets_a_refusal_only_when_the_broker_has_the_gap()
    {
        receiving.RecordRefused(time.GetUtcNow());
        isBrokerAway = true;
        await Should.ThrowAsync<TimeoutException>(() => recorder.Beat(TestContext.Current.CancellationToken));
        record.Recorded.ShouldBeNull();

        isBrokerAway = false;
        await recorder.Beat(TestContext.Current.CancellationToken);

        gaps.ShouldHaveSingleItem();
        record.Recorded.ShouldBe(record.Now());
    }

    /// <summary>Another replica announces a crash from this replica's last heartbeat on.</summary>
    [Fact]
    public async Task a_crash_is_a_gap_from_before_a_refusal_that_could_not_be_announced()
    {
        await recorder.Beat(TestContext.Current.CancellationToken);
        var beforeTheRefusal = record.Own;
        time.Advance(TimeSpan.FromSeconds(1));
        receiving.RecordRefused(time.GetUtcNow());
        isBrokerAway = true;
        for (var second = 0; second < 120; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Should.ThrowAsync<TimeoutException>(() => recorder.Beat(TestContext.Current.CancellationToken));
        }

        record.Own.ShouldBe(beforeTheRefusal);

        isBrokerAway = false;
        await recorder.Beat(TestContext.Current.CancellationToken);
        await recorder.Beat(TestContext.Current.CancellationToken);
        gaps.ShouldHaveSingleItem().Kind.ShouldBe(GapKind.Refused);
        record.Own.ShouldBe(record.Now());
    }

    [Fact]
    public async Task a_replica_is_ready_once_the_record_knows_it_whether_or_not_zoho_answers()
    {
        recorder.HasAppeared.ShouldBeFalse();
        record.IsAway = true;
        await Should.ThrowAsync<TimeoutException>(() => recorder.Beat(TestContext.Current.CancellationToken));
        recorder.HasAppeared.ShouldBeFalse();

        record.IsAway = false;
        zoho.OnCall = _ => throw Outage();
        await Should.ThrowAsync<ZohoException>(() => recorder.Beat(TestContext.Current.CancellationToken));

        recorder.HasAppeared.ShouldBeTrue();
    }

    /// <summary>Npgsql throws a bare SocketException for a host that DNS does not know.</summary>
    [Fact]
    public async Task a_replica_stops_even_if_it_cannot_leave_the_record()
    {
        record.RemovalFailure = new SocketException((int)SocketError.HostNotFound);
        using var host = new ReceivingHeartbeat(recorder, null!, null!, time, NullLogger<ReceivingHeartbeat>.Instance);

        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private bool isBrokerAway;

    private Task Publish(object message, CancellationToken ct)
    {
        if (isBrokerAway)
            throw new TimeoutException();
        gaps.Add((GapDetected)message);
        return Task.CompletedTask;
    }

    private sealed class Record : IReceivingRecord
    {
        public Func<DateTimeOffset> Now { get; set; } = () => default;

        public DateTimeOffset? Last { get; set; }

        public DateTimeOffset? FirstOfOthers { get; set; }

        public bool IsAway { get; set; }

        public DateTimeOffset? Recorded { get; private set; }

        public DateTimeOffset? HeardAt { get; private set; }

        /// <summary>This replica's heartbeat.</summary>
        public DateTimeOffset? Own { get; private set; }

        public Task<Heartbeats> EnterHeartbeat(bool hasRefused, CancellationToken ct)
        {
            if (IsAway)
                throw new TimeoutException();
            var before = Own;
            Own = hasRefused ? before ?? Now() : Now();
            return Task.FromResult(new Heartbeats(before, Last, FirstOfOthers, Now()));
        }

        Task IReceivingRecord.Record(DateTimeOffset now, DateTimeOffset? heardAt, DateTimeOffset? crashedAt, CancellationToken ct)
        {
            (Recorded, HeardAt) = (now, heardAt);
            return Task.CompletedTask;
        }

        public Exception? RemovalFailure { get; set; }

        public Task RemoveHeartbeat(CancellationToken ct) =>
            RemovalFailure is { } failure ? Task.FromException(failure) : Task.CompletedTask;

        public Task<DateTimeOffset?> LastHeard(CancellationToken ct) => Task.FromResult<DateTimeOffset?>(null);
    }
}
