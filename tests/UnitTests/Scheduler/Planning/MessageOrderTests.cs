using System.Text.Json;
using CsCheck;
using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;

namespace LeadSync.UnitTests.Scheduler.Planning;

/// <summary>Messages arrive at least once, and in any order.</summary>
public sealed class MessageOrderTests
{
    private static readonly DateTimeOffset Now = PlannedSync.Start;
    private static readonly Guid Run = new(1, 2, 3, new byte[8]);
    private static readonly Guid Round = new(4, 5, 6, new byte[8]);

    [Fact]
    public void a_run_ends_in_the_same_state_whatever_the_order_and_number_of_its_messages()
    {
        var before = new PlannedSync().Subscribe().Hear(new BulkRunStarted(Run, BulkPurpose.InitialRead, null, 1, Now)).State;
        GenRun.SelectMany(Disorder).Sample(messages => Same(before, messages.InOrder, messages.InDisorder), iter: 2000);
    }

    [Fact]
    public void a_catch_up_ends_in_the_same_state_whatever_the_order_and_number_of_its_messages()
    {
        var before = PlannedSync.InSync().Hear(new CatchUpStarted(Round, Now, Now, Now), new CatchUpSent(Round, Now)).State;
        Gen.Int[0, 6]
            .Select(pages => Enumerable.Range(1, pages).Select(page => (object)new CatchUpPageProjected(Round, page))
                .Append(new CatchUpRead(Round, Now.AddHours(1), pages, 50 * pages)).ToArray())
            .SelectMany(Disorder).Sample(messages => Same(before, messages.InOrder, messages.InDisorder), iter: 2000);
    }

    [Fact]
    public void the_channel_ends_as_the_latest_answer_says_whatever_the_order_and_number_of_its_messages()
    {
        object[] messages =
        [
            .. Enumerable.Range(1, 4).Select(hour => new ChannelRenewed("1", Now.AddHours(hour), Now.AddHours(hour + 2), Reopened: false)),
            .. Enumerable.Range(1, 4).Select(hour => new ChannelConfirmed(Now.AddHours(hour + 0.5), Now.AddHours(hour + 2))),
        ];
        Disorder(messages).Sample(
            order => Same(new PlannedSync().Subscribe().State, order.InOrder, order.InDisorder, state => state.Channel), iter: 2000);
    }

    [Fact]
    public void gaps_end_the_same_whatever_the_order_and_number_of_their_messages()
    {
        var genGap = Gen.Select(Gen.Int[0, 1], Gen.Int[0, 60], Gen.Int[0, 10],
            (cause, from, length) => (object)new GapDetected($"Cause {cause}.", Now.AddMinutes(from), Now.AddMinutes(from + length)));
        genGap.Array[0, 12].SelectMany(Disorder).Sample(
            order => Same(PlannedSync.InSync().State, order.InOrder, order.InDisorder), iter: 1000);
    }

    private static readonly Gen<object[]> GenRun =
        Gen.Select(Gen.Int[0, 2], Gen.Bool).Array[1, 4].Select(pages => pages
            .SelectMany((page, index) => PageMessages(index + 1, page.Item1, page.Item2, more: index + 1 < pages.Length)).ToArray());

    private static IEnumerable<object> PageMessages(int page, int failures, bool calledBack, bool more)
    {
        for (var attempt = 0; attempt < failures; attempt++)
        {
            yield return new BulkJobCreated(Run, page, $"{page}-{attempt}", Now.AddMinutes((10 * page) + attempt));
            yield return new BulkJobFailed(Run, page, $"{page}-{attempt}", "Zoho failed.");
        }

        var (job, created) = ($"{page}-{failures}", Now.AddMinutes((10 * page) + failures));
        yield return new BulkJobCreated(Run, page, job, created);
        if (calledBack)
            yield return new BulkJobCalledBack(job);
        yield return new BulkPageReady(Run, page, job, created, 1000 * page, more, null, "f1");
        yield return new BulkPageProjected(Run, page, job, 1000 * page, 0, 0);
    }

    /// <summary>The same messages in another order, some of them more than once.</summary>
    private static Gen<(object[] InOrder, object[] InDisorder)> Disorder(object[] messages) =>
        messages.Length == 0
            ? Gen.Const((messages, messages))
            : from repeated in Gen.Int[0, messages.Length - 1].Select(index => messages[index]).Array[0, messages.Length]
              from shuffled in Gen.Shuffle(messages.Concat(repeated).ToArray())
              select (messages, shuffled);

    private static void Same(SyncState before, object[] inOrder, object[] inDisorder, Func<SyncState, object>? part = null)
    {
        part ??= state => state;
        JsonSerializer.Serialize(part(inDisorder.Aggregate(before, SyncState.Apply)))
            .ShouldBe(JsonSerializer.Serialize(part(inOrder.Aggregate(before, SyncState.Apply))));
    }
}
