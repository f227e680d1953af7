namespace LeadSync.Simulation.Mutants;

/// <summary>
/// A service that is deliberately broken at one of its seams. If the simulation does not find a mutant, no invariant guards that seam.
/// </summary>
/// <param name="Within">The number of schedules within which the simulation has to find it.</param>
internal sealed record Mutant(string Name, Seams Seams, int Within)
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        // The fold.
        new("equal seconds: the first content stays", new FirstOfASecondStays(), 300),
        new("the last arrival wins", new LastArrivalWins(), 100),
        new("tombstones are final", new FinalTombstones(), 1_000),
        new("an absence counts however old it is", new AbsenceAlwaysCounts(), 5_000),
        new("every confirmation is an event", new EverythingIsAnEvent(), 100),
        new("older bulk rows overwrite", new BulkRowsOverwrite(), 3_000),
        new("bulk rows speak for the moment they are folded", new BulkRowsAreFresh(), 500),

        // Notifications.
        new("a notification is answered before it is published", new AnsweredFirst(), 100),
        new("messages are acknowledged before they are handled", new AcknowledgedFirst(), 100),
        new("only the first id of a notification is taken", new OnlyFirstId(), 200),
        new("earlier tokens are refused at once", new OldTokensRefused(), 2_000),
        new("no gateway for a while is no gap", new UnnoticedGap("No gateway"), 300),
        new("one gateway's crash is no gap", new UnnoticedGap("A gateway crashed"), 2_000),
        new("a refusal is no gap", new UnnoticedGap("Notifications were refused"), 300),
        new("a gap that the broker has not confirmed counts as announced", new UnconfirmedGap(), 10_000),
        new("answers speak for the moment they are published", new FreshAnswers(), 3_000),
        new("what cannot be applied is dropped", new NotParked(), 300),

        // The channel.
        new("a token is accepted once Zoho has it", new AcceptedLate(), 1_000),
        new("the channel is renewed by the expiry that was asked for", new AskedExpiry(), 100),

        // Catch-ups.
        new("a catch-up reads without overlap", new NoOverlap(), 300),
        new("deletions are read from where modifications are", new OneMark(), 20_000),
        new("no deleted records are read", new NoDeletedRecords(), 100),
        new("only the first page of a list is read", new FirstPageOnly(), 100),
        new("a catch-up claims to have read up to its end", new UntilTheEnd(), 20_000),
        new("a catch-up is begun again when it is delivered again", new BegunAgain(), 3_000),
        new("a catch-up counts as done before it is projected", new DoneWhenRead(), 100),
        new("a gap is closed when the catch-up is asked for", new GapClosedEarly(), 100),

        // Bulk reads.
        new("a page that was rejected counts as projected", new RejectedIsProjected(), 3_000),
        new("the next page is not asked for", new NoNextPage(), 500),
        new("a job is looked at only when Zoho calls", new CallbackOnly(), 100),
        new("everything is read up to the last page's job", new UpToLastJob(), 20_000),
        new("a comparison removes without asking Zoho", new RemovedUnasked(), 500),
        new("sightings of pages are forgotten", new ForgottenSightings(), 100),
        new("a comparison reports no missing lead", new NothingMissed(), 200),
    ];
}
