using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.Zoho.Calls;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.Gateway.BulkReads;

public sealed class BulkReadEndpointsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_download_of_which_nothing_more_comes_is_given_up()
    {
        using var stalled = new Stalling(after: 1);

        var copy = BulkReadEndpoints.Copy(stalled, Stream.Null, time, Stop);
        await stalled.Stalled.WaitAsync(Patience, Stop);
        time.Advance(BulkReadEndpoints.LongestSilence);

        var end = await Should.ThrowAsync<OperationCanceledException>(() => copy.WaitAsync(Patience, Stop));
        ZohoWire.IsNoAnswer(end, Stop).ShouldBeTrue();
    }

    [Fact]
    public async Task a_slow_download_is_not_given_up()
    {
        using var slow = new Stalling(after: 10, onRead: () => time.Advance(BulkReadEndpoints.LongestSilence / 2));
        using var file = new MemoryStream();

        _ = BulkReadEndpoints.Copy(slow, file, time, Stop);
        await slow.Stalled.WaitAsync(Patience, Stop);

        file.Length.ShouldBe(10);
    }

    [Theory]
    [InlineData(ZohoErrorKind.NotFound, 404)]
    [InlineData(ZohoErrorKind.Rejected, 502)]
    [InlineData(ZohoErrorKind.Unavailable, 503)]
    [InlineData(ZohoErrorKind.Throttled, 503)]
    [InlineData(ZohoErrorKind.Auth, 503)]
    [InlineData(ZohoErrorKind.Permission, 503)]
    [InlineData(ZohoErrorKind.OverBudget, 503)]
    public void only_a_file_that_zoho_will_never_give_costs_another_job(object kind, int status) =>
        BulkReadEndpoints.Status((ZohoErrorKind)kind).ShouldBe(status);

    /// <summary>Gives single bytes, and then nothing more without ending.</summary>
    private sealed class Stalling(int after, Action? onRead = null) : MemoryStream
    {
        private readonly TaskCompletionSource stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int given;

        public Task Stalled => stalled.Task;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            onRead?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            if (given++ < after)
                return 1;

            stalled.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }
    }
}
