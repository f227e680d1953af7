using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;

namespace LeadSync.UnitTests.Scheduler.Recording;

public sealed class SyncMemoryTests
{
    private const int Size = 10;

    private readonly List<RecordedEvent> stream = [];
    private readonly List<long> reads = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_reader_that_is_cut_off_continues_where_it_stopped()
    {
        Record(95);
        var mayRead = 3;
        var memory = new SyncMemory((from, _) => mayRead-- > 0 ? Read(from) : throw new OperationCanceledException(), Size, Memory.Nothing);
        await Should.ThrowAsync<OperationCanceledException>(memory.ReadOn(Stop));
        memory.Now.Version.ShouldBe(28);

        mayRead = 100;
        reads.Clear();
        (await memory.ReadOn(Stop)).ShouldBeTrue();
        reads[0].ShouldBe(28);
        memory.Now.Version.ShouldBe(95);
        memory.Now.State.Versions["gateway"].ShouldBe("95");
    }

    [Fact]
    public async Task another_stream_is_noticed_and_read_from_the_beginning()
    {
        Record(30);
        var memory = new SyncMemory((from, _) => Read(from), Size, Memory.Nothing);
        (await memory.ReadOn(Stop)).ShouldBeTrue();

        stream.Clear();
        Record(40);
        (await memory.ReadOn(Stop)).ShouldBeFalse();
        memory.Forget();
        (await memory.ReadOn(Stop)).ShouldBeTrue();
        memory.Now.Version.ShouldBe(40);
    }

    private void Record(int events) => stream.AddRange(Enumerable.Range(1, events).Select(version =>
        new RecordedEvent(version, Guid.NewGuid(), new VersionSeen("gateway", $"{version}", default), default)));

    private Task<IReadOnlyList<RecordedEvent>> Read(long from)
    {
        reads.Add(from);
        return Task.FromResult<IReadOnlyList<RecordedEvent>>([.. stream.Where(e => e.Version >= from).Take(Size)]);
    }
}
