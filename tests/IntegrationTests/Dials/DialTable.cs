using static LeadSync.IntegrationTests.Dials.Expectations;

namespace LeadSync.IntegrationTests.Dials;

/// <summary>Turns every dial of the simulator once. A dial is something uncertain about Zoho, or a fault of Zoho.</summary>
internal static class DialTable
{
    /// <summary>Notification channels and their deliveries. Notifications alone make the view true, unless a row says otherwise.</summary>
    public static IReadOnlyList<Turn> Notifications { get; } =
    [
        new("DeliveryParallelism=1"),
        new("DeliveryDelay=00:00:00.500"),
        new("DeliveryJitter=00:00:00.300"),
        new("DeliveryReorder=00:00:01"),
        new("DeliveryLateRate=1 DeliveryLateBy=00:00:01.500"),
        new("DeliveryBurst=00:00:01"),
        new("DeliveryDropRate=1", Repair.CatchUp) { Counted = "deliveries.dropped" },
        new("DeliveryDuplicateRate=1") { Counted = "deliveries.duplicated" },
        new("DeliveryIds=10"),
        new("DeliveryWrongTokenRate=1", Repair.CatchUp) { Counted = "deliveries.refused" },
        new("DeliveryRetries=10 DeliveryRetryPause=00:00:00.050 DeliveryWrongTokenRate=0.5", Repair.CatchUp)
        {
            Counted = "deliveries.refused"
        },
        new("DeliveryTimeout=00:00:00.001", Repair.CatchUp),
        new("DeliveryQueueLimit=1 DeliveryDelay=00:00:01", Repair.CatchUp) { Counted = "deliveries.overflowed" },
        new("DeliveryUnknownOperationRate=1"),
        new("DeliveryEventWords=true"),
        new("DeliveryWithoutAffectedValuesRate=1"),
        new("DeliveryNullToken=true"),
        new("DeliveryNullTokenOfDeletions=true"),
        new("DeliveryNumericChannelId=true"),
        new("DeliveryTextServerTime=true"),
        new("DeliveriesRemembered=1000"),

        new(
            "ChannelMaxLifeV6=00:00:20 ChannelMaxLifeV7=00:00:20 ChannelMaxLifeV8=00:00:20 ChannelLife=00:00:30",
            Repair.CatchUp) { First = ChannelReopened },
        new("ChannelLifeCap=00:00:20", Repair.CatchUp) { First = ChannelReopened },
        new("PatchBlanksToken=false", Repair.CatchUp) { First = ChannelReopened },
        new("WrappedErrors=true", Repair.CatchUp) { First = ChannelReopened },
        new("UnknownChannelStatus=400", Repair.CatchUp) { First = ChannelReopened },
        new("HttpsOnly=true", Repair.CatchUp) { First = ChannelForgotten },
        new("ChannelFailures=3 DeliveryWrongTokenRate=1", Repair.CatchUp) { Counted = "deliveries.refused" },
    ];

    /// <summary>Bulk reads. No notification arrives, so the view shows the content of the pages.</summary>
    public static IReadOnlyList<Turn> BulkReads { get; } =
    [
        Read("BulkPerPage=80"),
        Read("BulkPerPage=80 BulkPageTokens=false"),
        Read("BulkPerPage=80 BulkPicture=AtStart"),
        Read("BulkPerPage=80 BulkPicture=Moving"),
        Read("BulkPerPage=80 BulkPageTokenLife=00:00:00") with { IsOutage = true, Meanwhile = ReadingBegunAnew },
        Read("BulkAddedFor=00:00:00.500 BulkQueuedFor=00:00:00.500 BulkInProgressFor=00:00:01"),
        Read("BulkIncludesConverted=false") with { Repair = Repair.CatchUp, Meanwhile = ReleasedWhenHeldBack },
        Read("BulkFailureRate=1") with { IsOutage = true, Meanwhile = PageTroubleSeen, Counted = "bulk.failed" },
        new("BulkStuckRate=1", Repair.Comparison) { IsOutage = true, Meanwhile = StuckAndGivenUp },
        Read("BulkUnknownStateRate=1 BulkInProgressFor=00:00:01.500"),
        Read("BulkCallbackLossRate=1"),
        Read("BulkCallbackDuplicateRate=1"),
        Read("BulkDownloadsPerMinute=1 BulkPerPage=200") with { IsOutage = true, Meanwhile = DownloadRefusedForAMinute },
        Read("BulkFileLife=00:00:00") with { IsOutage = true, Meanwhile = PageTroubleSeen },
        Read("BulkSeparator=;"),
        Read("BulkMultiSelectSeparator=,"),
        Read("BulkIdHeader=ID"),
        Read("BulkByteOrderMark=true"),
        Read("BulkCarriageReturns=true"),
        Read("BulkQuotesEverything=true"),
        Read("BulkPicklists=Stored"),
        Read("BulkLineEnds=Lf"),
        Read("BulkLineEnds=CrLf"),
        Read("BulkRichTexts=Cut"),
        Read("BulkRichTexts=WithoutMarks"),
        Read("BulkRichTexts=Blank"),
        Read("BulkTexts=Guarded"),
        Read("BulkTexts=Html"),
        Read("BulkBlank=%20"),
        Read("BulkBooleans=Yes,No"),
        Read("BulkNumbersAreMarked=true"),
        Read("BulkNames=lookup,layout,territories"),
        Read("BulkCountOff=2"),
        Read("BulkResultAlways=true"),
        Read("BulkPerPage=80 BulkTokenRefusal=PAGE_TOKEN_NOT_KNOWN") with { IsOutage = true, Meanwhile = ReadingBegunAnew },
        Read("BulkCallbackRefusal=CALLBACK_FAILURE"),
        Read("BulkEmpty=Header InvisibleLeads=1") with { IsOutage = true, Meanwhile = HeldBackAndDropped },
        Read("BulkEmpty=Nothing InvisibleLeads=1") with { IsOutage = true, Meanwhile = HeldBackAndDropped },
        Read("BulkEmpty=NoContent InvisibleLeads=1") with { IsOutage = true, Meanwhile = HeldBackAndDropped },
        Read("BulkDamage=BadDate"),
        Read("BulkDamage=BadTime"),
        Read("BulkDamage=InnerQuotes"),
        Read("BulkDamage=OpenQuote"),
        Read("BulkDamage=ExtraColumn"),
        Read("BulkDamage=ShuffledColumns"),
        // The last column is Modified_Time, without which LeadSync cannot merge a row.
        Damaged("MissingColumn"),
        Damaged("Truncated"),
        // A broken transfer or a proxy's page says nothing about the file, so the projector downloads it again.
        Read("BulkDamage=Aborted") with { IsOutage = true, Meanwhile = Comparing },
        Read("BulkDamage=Html") with { IsOutage = true, Meanwhile = Comparing },
        Damaged("EmptyZip"),
        Damaged("TwoEntries"),
        Damaged("BadCrc"),
        Damaged("WrongCount"),
        Damaged("Gone"),
        Read("BulkDamage=Truncated BulkDamageRate=0.5 BulkPerPage=80"),
        Read("BulkDamage=Truncated BulkDamageTimes=1"),
    ];

    /// <summary>Records, deleted records, the org, its limits, tokens and faults.</summary>
    public static IReadOnlyList<Turn> Calls { get; } =
    [
        new("TimeZone=+05:30", Repair.Comparison) { Work = WorkInZoho.AndInSilence },
        new("TimeZone=-09:30", Repair.Comparison) { Work = WorkInZoho.AndInSilence },
        new("InvisibleLeads=0.3", Repair.Comparison) { IsOutage = true, Meanwhile = HeldBackAndDropped },
        new("InvisibleFields=City,Annual_Revenue", Repair.Comparison) { IsOutage = true, Meanwhile = sync => sync.Compare() },
        new("NoPermission=true", Repair.CatchUp) { IsOutage = true, Meanwhile = TroubleSeen },
        new("Edition=free EditionUsers=1"),

        new("TokenLife=00:00:01", Repair.CatchUp) { First = TokenRevoked, Counted = "token" },
        new("TokensPerTenMinutes=1", Repair.CatchUp) { First = TokensUsedUp, IsOutage = true, Meanwhile = TroubleSeen, Counted = "token" },
        new("TokenReply=Legacy") { First = TokenRevoked, Counted = "token" },
        new("TokenReply=WithoutExpiry") { First = TokenRevoked, Counted = "token" },
        new("TokenApiDomain=https://elsewhere.example") { First = TokenRevoked, Counted = "token" },
        new("TokenErrorRate=1 TokenErrorsWithStatus200=false", Repair.CatchUp)
        {
            First = TokenRevoked, IsOutage = true, Meanwhile = TroubleSeen, Counted = "token"
        },
        new("TokenWithoutApiDomain=true") { First = TokenRevoked, Counted = "token" },
        new("InvalidTokenCode=AUTHENTICATION_FAILURE") { First = TokenRevoked, Counted = "token" },
        new("MissingScopes=ZohoCRM.modules.leads.READ MissingScopeStatus=403", Repair.CatchUp) { IsOutage = true, Meanwhile = TroubleSeen },

        new("CreditsPerDay=1 CreditsEnforced=true", Repair.CatchUp) { IsOutage = true, Meanwhile = TroubleSeen },
        new("Concurrency=1", Repair.Comparison) { Work = WorkInZoho.AndInSilence },
        new("SubConcurrency=1", Repair.Comparison) { Work = WorkInZoho.AndInSilence },
        new("ThrottleRate=0.3 ThrottleStatus=200", Repair.CatchUp) { Counted = "calls.throttled" },
        new("ThrottleRate=0.3 ThrottleStatus=400", Repair.CatchUp) { Counted = "calls.throttled" },
        new("ThrottleRate=0.3 ThrottleCode=RATE_LIMIT_EXCEEDED", Repair.CatchUp) { Counted = "calls.throttled" },
        new("ThrottleRate=0.3 RetryAfter=00:00:01", Repair.CatchUp) { Counted = "calls.throttled" },
        new("Latency=00:00:00.200", Repair.CatchUp),
        new("LatencyJitter=00:00:00.200", Repair.CatchUp),
        new("ServerErrorRate=0.3", Repair.CatchUp),
        new("ServerErrorRate=0.3 ServerErrorsAreHtml=true", Repair.CatchUp),
        new("HtmlRate=0.3", Repair.CatchUp),
        new("AbortRate=0.3", Repair.CatchUp),
        new("ServerErrorRate=0.6 FaultKinds=records.list,deleted", Repair.CatchUp),

        new("ReadLag=00:00:01", Repair.CatchUp) { IsOutage = true },
        new("MaxIdsPerRead=50") { Work = sync => sync.Change("mass-update", new { count = 120 }) },
        new("ListLag=00:00:01", Repair.CatchUp) { IsOutage = true },
        new("ListTextLimit=100000 SingleTextLimit=100000") { Work = WorkInZoho.LongTexts },
        new("PlainTextsAreCut=true", Repair.Comparison) { Work = WorkInZoho.LongTexts },
        new("FullTextsAreRefused=true", Repair.Comparison) { Work = WorkInZoho.LongTexts },
        new("JsonPicklists=Stored", Repair.CatchUp),
        new("ListsLeaveOut=City,Annual_Revenue", Repair.Comparison) { Work = WorkInZoho.AndInSilence },
        new("LeadsInApproval=0.1 ListsApproved=true", Repair.CatchUp),
        new("LeadsInApproval=0.1 ListsApproved=true ApprovedIsRefused=true", Repair.Comparison) { Work = WorkInZoho.AndInSilence },
        new("PageTokenLife=00:00:00", Repair.CatchUp),
        new("MissingRecordStatus=404 InvisibleLeads=0.02", Repair.Comparison) { IsOutage = true, Meanwhile = MissedAndRemoved },
        new("MissingRecordStatus=400 InvisibleLeads=0.02", Repair.Comparison) { IsOutage = true, Meanwhile = MissedAndRemoved },
        new("NotModifiedStatus=false", Repair.CatchUp),
        new("DeletedOldestFirst=true", Repair.CatchUp),
        new("DeletedSinceIsExclusive=true", Repair.CatchUp),
        new("DeletedSinceIsModified=true", Repair.Comparison),
        new("DeletedErrorsAreBare=true", Repair.CatchUp),
        new("EmptyUpdateMovesModifiedTime=false"),
        new("InvisibleLeads=0.02 InvisibleLeadsAreAnnounced=false", Repair.Comparison) { IsOutage = true },
        new("DeletedReach=200", Repair.Comparison) { Work = WorkInZoho.MoreDeletionsThanCanBeListed },
        new("PurgeMovesDeletedTime=true"),
        // LeadSync uses neither COQL nor a count.
        new("CoqlIncludesConverted=false CoqlColumns=200 CoqlPairwiseBrackets=false CountLag=00:00:00"),

        new("ConvertAnnounces=None", Repair.CatchUp),
        new("ConvertAnnounces=Insert"),
        new("ConvertAnnounces=Delete"),
        new("ConvertAnnounces=None ConvertMovesModifiedTime=false", Repair.Comparison),
        new("RestoreAnnounces=Insert") { Work = WorkInZoho.AndRestore },
        new("RestoreAnnounces=Update") { Work = WorkInZoho.AndRestore },
        new("RestoreAnnounces=Delete") { Work = WorkInZoho.AndRestore },
        new("RestoreMovesModifiedTime=true", Repair.CatchUp) { Work = WorkInZoho.AndRestore },
        new("MergeAnnounces=false", Repair.CatchUp),
        new("MassUpdateAnnounces=false", Repair.CatchUp),
        new("FormulaDriftEvery=00:10:00 FormulaDriftShare=0.5", Repair.Comparison) { First = TimePassed("00:10:00"), MovesBack = true },
        new("HiddenTimesMoveEvery=00:10:00", Repair.Comparison) { First = TimePassed("00:10:00"), MovesBack = true },
    ];

    public static IEnumerable<Turn> All => [.. Notifications, .. BulkReads, .. Calls];

    private static Turn Read(string dials) => new(dials, Repair.Comparison) { Work = WorkInZoho.AndInSilence };

    /// <summary>LeadSync reads a page with a bad file again until the file is good.</summary>
    private static Turn Damaged(string how) => Read($"BulkDamage={how}") with { IsOutage = true, Meanwhile = PageTroubleSeen };
}
