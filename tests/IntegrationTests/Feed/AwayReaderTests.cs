using LeadSync.DevStack.Truth;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.Projector.Feed;

namespace LeadSync.IntegrationTests.Feed;

/// <summary>A reader that keeps a copy by the feed, and does not read for days.</summary>
public sealed class AwayReaderTests(RebuildParts view) : IClassFixture<RebuildParts>
{
    private const int KeepDays = 10;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_reader_that_was_away_for_a_week_misses_nothing_and_one_that_was_away_for_too_long_is_told_and_begins_again()
    {
        var copy = new FeedCopy(view.Projector.Database);
        await copy.BeginAsync(Stop);
        (await copy.HasMissedAsync(Stop)).ShouldBeFalse("the feed is empty");
        await view.Traffic(seed: 1, rounds: 5);
        for (var day = 1; day <= 7; day++)
        {
            await Begin(day);
            await view.Traffic(seed: day + 1, rounds: 3);
            if (day is 3)
                await view.Rebuild();
        }

        (await copy.HasMissedAsync(Stop)).ShouldBeFalse();
        (await copy.DifferenceAsync(Stop)).ShouldBeNull();
        (await view.Projector.Value<long>("select count(distinct position / 10000000000) from legacy.lead_changes")).ShouldBe(8);

        await Begin(8);
        await view.Traffic(seed: 9, rounds: 3);
        await Begin(9);
        await view.Traffic(seed: 10, rounds: 3);
        await Begin(100);
        (await copy.HasMissedAsync(Stop)).ShouldBeTrue();

        await copy.BeginAsync(Stop);
        (await copy.HasMissedAsync(Stop)).ShouldBeFalse("the last change stays, and the copy begins there");
        await view.Traffic(seed: 11, rounds: 3);
        (await copy.HasMissedAsync(Stop)).ShouldBeFalse();
        (await copy.DifferenceAsync(Stop)).ShouldBeNull();
    }

    /// <summary>Lets a later day begin for the positions of the feed and for its partitions.</summary>
    private async Task Begin(int day)
    {
        await view.Projector.Row(
            "select setval('legacy.lead_change_position', projector.first_position((now() at time zone 'utc')::date + $1))", day);
        var days = new FeedDays(view.Projector.Database, new Later(TimeSpan.FromDays(day)));
        (await days.Provide(Stop)).ShouldBeTrue();
        (await days.Drop(KeepDays, Stop)).ShouldBeTrue();
    }
}
