using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSync.UnitTests.Projector.Leads;

public sealed class LiveChangesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_live_change_does_not_wait_behind_leads_that_were_read_again()
    {
        await using var database = NpgsqlDataSource.Create("Host=nowhere");
        using var latency = new ChangeLatency(database, TimeProvider.System, NullLogger<ChangeLatency>.Instance);
        var slow = new Held();
        using var changes = new LiveChanges(slow, latency, TimeProvider.System);

        var reread = Enumerable.Range(0, 100).Select(id => changes.FoldReread([Gone($"{id}", Source.FullComparison)], Stop)).ToList();
        await slow.Begun.Task.WaitAsync(Stop);
        await changes.Fold([Gone("live", Source.Notification)], sentAt: null, Stop).WaitAsync(Stop);
        reread.ShouldAllBe(fold => !fold.IsCompleted);

        slow.Released.SetResult();
        await Task.WhenAll(reread);
    }

    private static LeadChanged Gone(string id, Source source) => new(id, source, Now, Content: null);

    /// <summary>Folds live changes at once, and everything else when it is told to.</summary>
    private sealed class Held : ILeadProjection
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<IReadOnlyList<(string Id, Folded Folded)>> Project(
            IReadOnlyList<(LeadChanged Change, ActivityContext Trace)> changes, string origin, CancellationToken ct)
        {
            if (changes.Any(change => change.Change.Source != Source.Notification))
            {
                Begun.TrySetResult();
                await Released.Task;
            }

            return [];
        }
    }
}
