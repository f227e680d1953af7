using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.Scheduler.Reconciling;

public sealed class ReconciliationTests
{
    private readonly PlannedSync sync = new();
    private readonly List<object> recorded = [];
    private bool hasQueue;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_command_that_no_queue_takes_is_sent_again_with_the_next_step()
    {
        var reconciliation = new Reconciliation(
            new Log(recorded), Publish, sync.Options, new FakeTimeProvider(sync.Now), NullLogger<Reconciliation>.Instance);

        await reconciliation.Step(sync.State, version: 0, Stop);
        recorded.OfType<RenewChannelSent>().ShouldBeEmpty();

        hasQueue = true;
        await reconciliation.Step(sync.State, version: 0, Stop);
        recorded.OfType<RenewChannelSent>().ShouldHaveSingleItem();
    }

    private Task Publish(object message, CancellationToken ct) =>
        hasQueue ? Task.CompletedTask : throw new MessageReturnedException();

    private sealed class Log(List<object> recorded) : ISyncLog
    {
        public Task<bool> TryRecord(IReadOnlyCollection<object> decisions, long madeFrom, CancellationToken cancellation) =>
            Task.FromResult(true);

        public Task Record(IReadOnlyCollection<object> facts, CancellationToken cancellation)
        {
            recorded.AddRange(facts);
            return Task.CompletedTask;
        }
    }
}
