using System.Diagnostics.Metrics;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.UnitTests.Scheduler.Status;

/// <summary>The metrics that a scheduler exports while nobody leads.</summary>
public sealed class StatusGaugesTests : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly List<(string Name, double Value, string? Reason)> seen = [];

    public StatusGaugesTests()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter == LeadSyncTelemetry.Meter)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    [Fact]
    public void every_replica_exports_the_reasons_it_reads_and_a_blind_one_only_that_it_cannot_see()
    {
        var sync = PlannedSync.InSync();
        var report = StatusReport.Of(sync.State, sync.Options, sync.Now, new StatusInputs(HasLeader: false)
        {
            Broker = new Outage(sync.Now.AddMinutes(-2), "No connection."),
            LastTickAt = sync.Now.AddMinutes(-2),
        });
        var status = new StatusGauges(TimeProvider.System);

        status.Show(report);
        Reasons().ShouldBe(["broker_down"]);
        Exports("leadsync.tick.age").ShouldBeTrue();

        status.ShowBlindness();
        Reasons().ShouldBe(["cannot_see"]);
        Exports("leadsync.tick.age").ShouldBeFalse();
        Exports("leadsync.leader").ShouldBeFalse();
    }

    private IEnumerable<string?> Reasons() =>
        Collect().Where(one => one is { Name: "leadsync.reason", Value: 1 }).Select(one => one.Reason);

    private bool Exports(string name) => Collect().Any(one => one.Name == name);

    private List<(string Name, double Value, string? Reason)> Collect()
    {
        lock (seen)
        {
            seen.Clear();
            listener.RecordObservableInstruments();
            return [.. seen];
        }
    }

    // Tests that run at the same time record on the same meter, from other threads.
    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (seen)
            seen.Add((instrument.Name, value, tags.Length == 0 ? null : tags[0].Value as string));
    }
}
