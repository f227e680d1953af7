using CsCheck;
using LeadSync.Projector.Leads;

namespace LeadSync.UnitTests.Projector.Leads;

/// <summary>Guarantees: no step back, idempotence, and independence of order, which convergence needs.</summary>
public sealed class LeadTests
{
    private static readonly DateTimeOffset Start = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);

    // Few values, so that equal seconds, equal observations and equal contents are common.
    private static readonly Gen<Observed> AnyObserved = Gen.Frequency(
        (3, Gen.Select(
            Gen.Int[0, 3], Gen.Int[0, 8], Gen.Int[0, 2],
            (modified, observed, name) => (Observed)new Seen(modified, observed, $"n{name}"))),
        (1, Gen.Select(Gen.Int[0, 8], Gen.Int[0, 8], (observed, deleted) => (Observed)new Gone(observed, deleted))));

    [Fact]
    public void a_newer_modified_time_wins() =>
        Fold(new Seen(1, 5, "old"), new Seen(2, 3, "new")).ShouldHold("new");

    [Fact]
    public void an_older_observation_changes_nothing()
    {
        var lead = Fold(new Seen(2, 2, "new"));
        Fold(lead, new Seen(1, 9, "old")).Content.ShouldBe(lead.Content);
    }

    [Fact]
    public void within_one_second_the_later_observation_wins() =>
        Fold(new Seen(1, 3, "second edit"), new Seen(1, 2, "first edit")).ShouldHold("second edit");

    [Fact]
    public void a_lead_that_zoho_no_longer_has_is_not_alive() =>
        Fold(new Seen(1, 1, "a"), new Gone(2, 2)).IsAlive.ShouldBeFalse();

    [Fact]
    public void a_lead_that_was_seen_and_missed_at_the_same_moment_is_not_alive()
    {
        Fold(new Seen(1, 2, "a"), new Gone(2, 2)).IsAlive.ShouldBeFalse();
        Fold(new Gone(2, 2), new Seen(1, 2, "a")).IsAlive.ShouldBeFalse();
    }

    [Fact]
    public void a_lead_of_which_nothing_is_known_is_not_alive() => Lead.Unknown.IsAlive.ShouldBeFalse();

    [Fact]
    public void of_two_deletions_the_one_observed_later_counts_and_of_those_the_later() =>
        Fold(new Gone(3, 1), new Gone(2, 9), new Gone(3, 2), new Gone(3, 1)).Absence.ShouldBe(new Absence(At(3), At(2)));

    [Fact]
    public void another_time_of_deletion_is_an_event()
    {
        var lead = Fold(new Seen(1, 1, "a"), new Gone(2, 2));
        Lead.IsEvent(lead, Fold(lead, new Gone(3, 3))).ShouldBeTrue();
    }

    [Fact]
    public void a_deletion_that_is_older_than_the_lead_s_last_sighting_is_no_event()
    {
        var lead = Fold(new Seen(1, 5, "a"));
        Lead.IsEvent(lead, Fold(lead, new Gone(4, 3))).ShouldBeFalse();
    }

    [Fact]
    public void the_same_content_with_another_modified_time_is_an_event()
    {
        var lead = Fold(new Seen(1, 1, "a"));
        Lead.IsEvent(lead, Fold(lead, new Seen(2, 2, "a"))).ShouldBeTrue();
    }

    [Fact]
    public void a_deletion_from_before_the_last_sighting_is_too_late() =>
        Fold(new Seen(1, 5, "a"), new Gone(4, 3)).IsAlive.ShouldBeTrue();

    [Fact]
    public void a_restored_lead_is_alive_without_a_new_modified_time() =>
        Fold(new Seen(1, 1, "a"), new Gone(2, 2), new Seen(1, 3, "a")).IsAlive.ShouldBeTrue();

    [Fact]
    public void a_bulk_row_from_before_the_deletion_does_not_bring_the_lead_back() =>
        Fold(new Gone(5, 5), new Seen(1, 4, "a")).IsAlive.ShouldBeFalse();

    [Fact]
    public void a_lead_modified_after_it_was_found_gone_is_alive() =>
        Fold(new Gone(2, 2), new Seen(3, 1, "a")).IsAlive.ShouldBeTrue();

    [Fact]
    public void seeing_the_same_again_later_is_no_event()
    {
        var lead = Fold(new Seen(1, 1, "a"));
        Lead.IsEvent(lead, Fold(lead, new Seen(1, 9, "a"))).ShouldBeFalse();
    }

    [Fact]
    public void other_content_in_the_same_second_is_an_event()
    {
        var lead = Fold(new Seen(1, 1, "a"));
        Lead.IsEvent(lead, Fold(lead, new Seen(1, 2, "b"))).ShouldBeTrue();
    }

    [Fact]
    public void finding_a_lead_gone_again_is_no_event()
    {
        var lead = Fold(new Seen(1, 1, "a"), new Gone(2, 2));
        Lead.IsEvent(lead, Fold(lead, new Gone(3, 2))).ShouldBeFalse();
    }

    [Fact]
    public void any_order_any_duplication_and_any_split_give_the_same_state() =>
        Gen.Select(AnyObserved.Array[1, 12], Gen.Int[0, int.MaxValue]).Sample((observed, seed) =>
        {
            var shuffled = observed.Concat(observed.Take(seed % observed.Length)).ToArray();
            new Random(seed).Shuffle(shuffled);
            Fold(shuffled).ShouldBe(Fold(observed));
        }, iter: 20_000);

    [Fact]
    public void two_projectors_that_take_turns_and_take_some_twice_come_to_the_same_state() =>
        Gen.Select(AnyObserved.Array[1, 12], Gen.Int[0, int.MaxValue]).Sample((observed, seed) =>
        {
            var chance = new Random(seed);
            var queues = observed.GroupBy(_ => chance.Next(2)).Select(own => new Queue<Observed>(own)).ToList();
            var lead = Lead.Unknown;
            while (queues.Any(queue => queue.Count > 0))
            {
                var queue = queues[chance.Next(queues.Count)];
                if (queue.Count == 0)
                    continue;

                // Folded and not acknowledged: RabbitMQ delivers it again, to either replica.
                lead = Fold(lead, queue.Peek());
                if (chance.Next(4) == 0)
                    queues[chance.Next(queues.Count)].Enqueue(queue.Peek());
                queue.Dequeue();
            }

            lead.ShouldBe(Fold(observed));
        }, iter: 20_000);

    [Theory]
    [InlineData(-10, 0)]
    [InlineData(0, 0)]
    [InlineData(10, 10)]
    [InlineData(24 * 3600, 24 * 3600)]
    [InlineData((24 * 3600) + 1, 24 * 3600)]
    [InlineData(100 * 24 * 3600, 24 * 3600)]
    public void a_modified_time_proves_life_beyond_its_observation_but_no_more_than_a_day(int modifiedAfter, int provenAfter) =>
        new Content(At(modifiedAfter), Start, default, null).ProvesLife.ShouldBe(At(provenAfter));

    [Fact]
    public void a_lead_that_a_bulk_page_showed_as_it_was_known_lived_and_was_so_at_that_moment()
    {
        var lead = Fold(new Seen(1, 2, "a")).Confirm(At(5));

        lead.LastSeen.ShouldBe(At(5));
        lead.Content!.ObservedAt.ShouldBe(At(5));
        Fold(lead, new Gone(4, 4)).IsAlive.ShouldBeTrue("the deletion was found before the page showed the lead");
        Fold(lead, new Seen(1, 4, "b")).ShouldHold("a");
        Fold(lead, new Seen(1, 6, "b")).ShouldHold("b");
    }

    [Fact]
    public void a_bulk_page_from_before_says_nothing_new_and_none_says_nothing()
    {
        var lead = Fold(new Seen(1, 5, "a"));

        lead.Confirm(At(4)).ShouldBe(lead);
        lead.Confirm(null).ShouldBe(lead);
        Lead.Unknown.Confirm(At(4)).ShouldBe(Lead.Unknown);
    }

    [Fact]
    public void contents_of_the_same_second_and_the_same_observation_have_one_outcome() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2]).Sample((one, other, third) =>
        {
            Observed[] observed = [new Seen(1, 1, $"n{one}"), new Seen(1, 1, $"n{other}"), new Seen(1, 1, $"n{third}")];
            var outcome = Fold(observed).Content!.Hash;

            Fold([.. observed.Reverse()]).Content!.Hash.ShouldBe(outcome);
            Fold(observed[1], observed[2], observed[0]).Content!.Hash.ShouldBe(outcome);
        });

    [Fact]
    public void a_rebuild_from_the_events_shows_what_the_live_fold_shows() =>
        AnyObserved.Array[1, 12].Sample(observed =>
        {
            var live = Lead.Unknown;
            var replayed = Lead.Unknown;
            foreach (var next in observed)
            {
                var after = Fold(live, next);
                if (Lead.IsEvent(live, after))
                    replayed = next.AsEvent(after).Apply(replayed);
                live = after;
            }

            replayed.IsAlive.ShouldBe(live.IsAlive);
            if (live.IsAlive)
                replayed.Content!.SaysTheSameAs(live.Content).ShouldBeTrue();
            else
                replayed.Absence!.DeletedAt.ShouldBe(live.Absence!.DeletedAt);
        }, iter: 20_000);

    [Fact]
    public void the_modified_time_never_steps_back() =>
        AnyObserved.Array[1, 12].Sample(observed =>
        {
            var lead = Lead.Unknown;
            foreach (var next in observed)
            {
                var after = Fold(lead, next);
                (after.Content?.ModifiedTime >= lead.Content?.ModifiedTime || lead.Content is null).ShouldBeTrue();
                lead = after;
            }
        }, iter: 20_000);

    private static Lead Fold(params Observed[] observed) => observed.Aggregate(Lead.Unknown, Fold);

    private static Lead Fold(Lead lead, Observed observed) => observed.FoldInto(lead);

    private static DateTimeOffset At(int second) => Start.AddSeconds(second);

    private abstract record Observed
    {
        public abstract Lead FoldInto(Lead lead);

        public abstract RecordedEvent AsEvent(Lead after);
    }

    private sealed record Seen(int Modified, int ObservedAt, string Name) : Observed
    {
        private static readonly Dictionary<string, IReadOnlyDictionary<string, string?>> FieldsOf =
            new[] { "n0", "n1", "n2" }.ToDictionary(
                name => name, name => (IReadOnlyDictionary<string, string?>)new Dictionary<string, string?> { ["Last_Name"] = name });

        private IReadOnlyDictionary<string, string?> Fields =>
            FieldsOf.GetValueOrDefault(Name) ?? new Dictionary<string, string?> { ["Last_Name"] = Name };

        public override Lead FoldInto(Lead lead) => lead.Observe(new Content(At(Modified), At(ObservedAt), ContentHash.Of(Fields), Fields));

        public override RecordedEvent AsEvent(Lead after) => new(new LeadSeen(
            At(Modified), At(ObservedAt), LeadSync.Contracts.Source.Notification, Fields, after.IsAlive ? null : after.Absence).Apply);
    }

    private sealed record Gone(int ObservedAt, int DeletedAt) : Observed
    {
        public override Lead FoldInto(Lead lead) => lead.Observe(new Absence(At(ObservedAt), At(DeletedAt)));

        public override RecordedEvent AsEvent(Lead after) =>
            new(new LeadGone(At(ObservedAt), LeadSync.Contracts.Source.CatchUp, At(DeletedAt)).Apply);
    }

    private sealed record RecordedEvent(Func<Lead, Lead> Apply);
}

internal static class LeadExpectations
{
    public static void ShouldHold(this Lead lead, string lastName) => lead.Content!.Fields!["Last_Name"].ShouldBe(lastName);
}
