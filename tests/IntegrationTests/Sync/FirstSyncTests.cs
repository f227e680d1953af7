namespace LeadSync.IntegrationTests.Sync;

/// <summary>The article's flow: subscribe, read every page, merge with what people change meanwhile, catch up.</summary>
public sealed class FirstSyncTests(SharedServers shared)
{
    [Theory]
    [InlineData("v6", "true")]
    [InlineData("v7", "true")]
    [InlineData("v8", "true")]
    [InlineData("v8", "false")]
    public async Task every_page_and_every_change_made_meanwhile_ends_in_the_view(string version, string pageTokens)
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 1_000,
            ("Zoho__ApiVersion", version), ("Simulator__BulkPerPage", "300"), ("Simulator__BulkPageTokens", pageTokens), ("Simulator__BulkPicture", "Moving"));
        await sync.Zoho.PostAsync("/control/stream/start", System.Net.Http.Json.JsonContent.Create(new { perSecond = 50, seconds = 6 }), TestContext.Current.CancellationToken);

        await sync.InSync();

        await Truth.ShouldBeTheView(sync);
        (await sync.Value("select count(*) from legacy.leads")).ShouldBeOfType<long>().ShouldBeGreaterThan(900);
    }

    [Theory]
    [InlineData("BulkByteOrderMark", "true", "BulkCarriageReturns", "true")]
    [InlineData("BulkQuotesEverything", "true", "BulkMultiSelectSeparator", ",")]
    [InlineData("BulkDamage", "ShuffledColumns", "BulkIdHeader", "ID")]
    [InlineData("BulkDamage", "ExtraColumn", "BulkUnknownStateRate", "1")]
    [InlineData("BulkCallbackLossRate", "1", "TimeZone", "Asia/Kolkata")]
    [InlineData("WrappedErrors", "true", "TokenReply", "Legacy")]
    public async Task every_way_in_which_zoho_may_answer_gives_the_same_view(string dial, string value, string otherDial, string otherValue)
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 300, ($"Simulator__{dial}", value), ($"Simulator__{otherDial}", otherValue));

        await sync.InSync();

        await Truth.ShouldBeTheView(sync);
    }

    [Theory]
    [InlineData("Truncated")]
    [InlineData("Aborted")]
    [InlineData("EmptyZip")]
    [InlineData("TwoEntries")]
    [InlineData("Html")]
    [InlineData("BadCrc")]
    [InlineData("WrongCount")]
    [InlineData("Gone")]
    public async Task a_page_whose_file_is_bad_is_read_again(string damage)
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 200, ("Simulator__BulkDamage", damage), ("Simulator__BulkDamageTimes", "1"));

        await sync.InSync();

        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task a_row_with_a_bad_time_is_parked_with_its_line_and_its_lead_is_read_by_itself()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 200, ("Simulator__BulkDamage", "BadTime"), ("Simulator__BulkDamageTimes", "1"));

        await sync.InSync();

        await Truth.ShouldBeTheView(sync);
        (await sync.Value("select reason from parking.parked where line > 1")).ShouldBe("The cell of Modified_Time is not an instant with an offset.");
    }

    [Fact]
    public async Task jobs_that_fail_are_created_again()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 200, ("Simulator__BulkFailureRate", "1"));
        await RunningSync.Until("a job has failed", async () => (await sync.Status()).GetProperty("run").ToString().Contains("INTERNAL", StringComparison.OrdinalIgnoreCase));
        await sync.Turn(new { bulkFailureRate = 0 });

        await sync.InSync();

        await Truth.ShouldBeTheView(sync);
    }
}
