using LeadSync.Scheduler.Alerts;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace LeadSync.UnitTests.Scheduler.Alerts;

/// <summary>The alerts of a database that cannot keep them.</summary>
public sealed class AlertMemoryTests
{
    private static readonly DateTimeOffset Start = PlannedSync.InSync().Now;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void the_leader_of_a_database_that_stops_tells()
    {
        var ledUntil = Start;
        Tells(Last(hasLeader: true, ticked: Start), ledUntil).ShouldBeTrue();
        Tells(Last(hasLeader: true, ticked: Start - Second), ledUntil).ShouldBeTrue("its last step was not read back");
        Tells(Last(hasLeader: true, ticked: Start + Second), ledUntil).ShouldBeFalse("another leads");
        Tells(Last(hasLeader: true, ticked: Start), ledUntil: null).ShouldBeFalse("another leads");
    }

    [Fact]
    public void when_rabbitmq_stops_first_and_the_database_then_somebody_tells()
    {
        // Nobody can lead without RabbitMQ.
        var last = Last(hasLeader: false, ticked: Start);

        Tells(last, ledUntil: Start).ShouldBeTrue("it led last");
        Tells(last, ledUntil: null).ShouldBeTrue("the one that led last may be gone");
    }

    [Fact]
    public void a_scheduler_that_was_started_during_the_outage_tells_after_a_minute()
    {
        Tells(null, ledUntil: null, after: 59 * Second).ShouldBeFalse();
        Tells(null, ledUntil: null, after: 60 * Second).ShouldBeTrue();
    }

    [Fact]
    public void when_the_leader_dies_together_with_the_database_another_tells_after_some_minutes()
    {
        Tells(Last(hasLeader: true, ticked: Start), ledUntil: null, after: 299 * Second).ShouldBeFalse();
        Tells(Last(hasLeader: true, ticked: Start), ledUntil: null, after: 300 * Second).ShouldBeTrue();
    }

    [Fact]
    public void two_schedulers_that_tell_of_one_outage_send_the_same_ids_and_of_the_next_outage_others()
    {
        var (one, other, next) = (Told(version: 7), Told(version: 7), Told(version: 8));

        one.Select(message => message.Event).ShouldBe([AlertEvent.Opened, AlertEvent.Closed]);
        one.Select(message => message.Id).ShouldBe(other.Select(message => message.Id));
        one.Concat(next).Select(message => message.Id).ShouldBeUnique();
    }

    [Fact]
    public void a_message_that_no_target_accepts_is_repeated_ever_more_rarely_and_shown()
    {
        var memory = Memory();
        var attempts = new List<double>();
        for (var after = TimeSpan.Zero; after < TimeSpan.FromMinutes(10); after += 2 * Second)
        {
            var now = Start + after;
            memory.Decide(Unreadable(now), Start, Last(hasLeader: true, ticked: Start), now);
            foreach (var due in memory.Due(now))
            {
                attempts.Add(after.TotalSeconds);
                memory.Sent(due, "It answers 500.", now);
            }
        }

        attempts.ShouldBe([30, 32, 36, 44, 60, 92, 156, 284, 540]);
        memory.Trouble.ShouldBe("webhook 0 (hooks.example.org): It answers 500.");
    }

    [Fact]
    public void each_of_two_outages_is_kept_until_the_database_can_be_written()
    {
        var memory = Memory();
        foreach (var began in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromMinutes(10)])
            Outage(memory, Start + began, version: 1);

        memory.Over.Select(alert => alert.Since).ShouldBe([Start, Start.AddMinutes(10)]);
        memory.Stored(memory.Over[0]);
        memory.Over.ShouldHaveSingleItem().Since.ShouldBe(Start.AddMinutes(10));
    }

    private static List<AlertMessage> Told(long version)
    {
        var memory = Memory();
        Outage(memory, Start, version);
        return [.. memory.Due(DateTimeOffset.MaxValue).Select(due => due.Message)];
    }

    private static void Outage(AlertMemory memory, DateTimeOffset began, long version)
    {
        var last = Last(hasLeader: true, ticked: began) with { Version = version };
        for (var after = TimeSpan.Zero; after < TimeSpan.FromMinutes(2); after += 2 * Second)
            memory.Decide(after < TimeSpan.FromMinutes(1) ? Unreadable(began + after) : null, began, last, began + after);
    }

    private static Reason Unreadable(DateTimeOffset now) => Verdict.Unreadable(new Outage(now, "No connection."), null, now).Reasons[0];

    private static bool Tells(StatusReport? last, DateTimeOffset? ledUntil, TimeSpan after = default) => AlertMemory.Tells(
        new StatusReading(last, new Outage(Start, "No connection."), Start + after), ledUntil, Start + after);

    private static StatusReport Last(bool hasLeader, DateTimeOffset ticked)
    {
        var sync = PlannedSync.InSync();
        return StatusReport.Of(sync.State, sync.Options, sync.Now, new StatusInputs(hasLeader) { LastTickAt = ticked });
    }

    private static AlertMemory Memory() => new(AlertOptions.From(new Settings(new ConfigurationBuilder()
        .AddInMemoryCollection([KeyValuePair.Create<string, string?>("Alerts:Webhooks:0:Url", "https://hooks.example.org/")]).Build())));
}
