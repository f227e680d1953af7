using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Parking;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.ServiceDefaults.Bus;

public sealed class ParkFilterTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FailingLot lot = new();
    private readonly ParkFilter filter;

    public ParkFilterTests() => filter = new ParkFilter(lot, new Progress(time), time, NullLogger<ParkFilter>.Instance);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>RabbitMQ would deliver the message again at once, without a pause and, from the parking queue, without an end.</summary>
    [Fact]
    public async Task a_message_that_cannot_be_parked_waits_with_growing_pauses_whatever_the_reason()
    {
        lot.Failures = 2;

        var parking = filter.Send(Failed(Stop), Pipe.Empty<ExceptionReceiveContext>());

        lot.Attempts.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(1));
        lot.Attempts.ShouldBe(2);
        time.Advance(TimeSpan.FromSeconds(1));
        (lot.Attempts, parking.IsCompleted).ShouldBe((2, false), "the second pause is longer");
        time.Advance(TimeSpan.FromSeconds(1));
        await parking;
        lot.Attempts.ShouldBe(3);
    }

    [Fact]
    public async Task a_service_that_stops_gives_a_message_back_that_it_cannot_park()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        lot.Failures = int.MaxValue;
        var parking = filter.Send(Failed(stop.Token), Pipe.Empty<ExceptionReceiveContext>());

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => parking);
    }

    private static ExceptionReceiveContext Failed(CancellationToken ct) => Delivery.Context<ExceptionReceiveContext>(new()
    {
        ["get_InputAddress"] = new Uri("rabbitmq://localhost/leads-announced"),
        ["get_CancellationToken"] = ct,
        ["GetOrAddPayload"] = ParkedItem.Lead("1", "leads-announced", "It failed."),
    });

    private sealed class FailingLot : IParkingLot
    {
        public int Failures { get; set; }

        public int Attempts { get; private set; }

        public Task Park(IReadOnlyCollection<ParkedItem> items, CancellationToken ct) =>
            ++Attempts <= Failures ? throw new InvalidOperationException("of a library") : Task.CompletedTask;
    }
}
