using System.Globalization;
using System.Text.RegularExpressions;
using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Cli;

/// <summary>The commands against a running sync: their output, as text and as JSON, and their exit codes.</summary>
[Collection(nameof(FreshSync))]
public sealed partial class CommandTests(FreshSync fresh)
{
    private static readonly Dictionary<string, string> Nowhere = new() { ["LEADSYNC_URL"] = "http://127.0.0.1:1" };

    private RunningSync Sync => fresh.Sync;

    [Fact]
    public async Task status_says_in_one_sentence_that_the_sync_is_fine_and_exits_with_zero()
    {
        var picture = await Run("status", "--wait");
        picture.Output.ShouldContain("In sync.");
        picture.ExitCode.ShouldBe(0);
        var rest = (await Run("status")).Output;
        foreach (var what in new[] { "channel", "catch-up", "comparison", "parked" })
            rest.ShouldContain(what);

        var json = await Run("status", "--json");
        json.Json.GetProperty("phase").GetString().ShouldBe("in sync");
        json.Json.GetProperty("inSync").GetBoolean().ShouldBeTrue();
        json.ExitCode.ShouldBe(0);
        // Other tests may have ended additional replicas within the last minute.
        foreach (var service in new[] { "gateway", "projector", "scheduler" })
            json.Json.GetProperty("services").EnumerateArray().Single(one => one.GetProperty("service").GetString() == service)
                .GetProperty("replicas").GetInt32().ShouldBeGreaterThanOrEqualTo(1);
        // The scheduler writes the row a second or two after the verdict.
        await RunningSync.Until("legacy.sync_status says the same", async () =>
            await Sync.Value("select in_sync from legacy.sync_status where checked_at > now() - interval '15 s'") is true);
        (await Run("--version")).Output.ShouldStartWith("leadsync ");
    }

    [Fact]
    public async Task a_wait_ends_with_its_deadline_and_says_what_it_waited_for()
    {
        (await Run("pause")).ExitCode.ShouldBe(0);
        try
        {
            var waited = await Run("status", "--wait", "--timeout", "2s");
            waited.ExitCode.ShouldBe(1);
            waited.Error.ShouldContain("After 2 s the view is not in sync. Paused");

            var ordered = await Run("catch-up");
            ordered.ExitCode.ShouldBe(0);
            ordered.Output.ShouldContain("The sync is paused: it begins after `resume`.");
            var caughtUp = await Run("catch-up", "--wait", "--timeout", "2s");
            caughtUp.ExitCode.ShouldBe(1);
            caughtUp.Output.ShouldContain("the sync is paused");
            (await Run("rebuild", "--wait")).ExitCode.ShouldBe(0, "a rebuild needs no Zoho");
        }
        finally
        {
            await Run("resume");
        }

        (await Run("status", "--wait")).ExitCode.ShouldBe(0);
        (await Run("status", "--wait", "--timeout", "soon")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task a_catch_up_that_fails_is_not_called_caught_up()
    {
        await Sync.Turn(new { missingScopes = "ZohoCRM.modules.leads.READ" });
        CommandResult result;
        try
        {
            result = await Run("catch-up", "--wait");
        }
        finally
        {
            await Sync.Turn(new { missingScopes = "" });
        }

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldContain("The catch-up failed and will be tried again");
        (await Run("catch-up", "--wait")).ExitCode.ShouldBe(0, "an ordered catch-up does not wait for the pause after failures");
    }

    [Fact]
    public async Task a_person_is_forgotten_when_it_is_ordered_with_a_reason_and_comes_back_only_when_seen_again()
    {
        var id = (await Sync.Change("edit", new { count = 1, values = new { City = "Forgettable" } })).Single();
        await Shows(id, "Forgettable");

        (await Run("forget", id)).ExitCode.ShouldBe(2, "a reason is missing");
        (await Run("forget", "../status", "--reason", "x")).ExitCode.ShouldNotBe(0);
        (await Run("forget", id[..^5], "--reason", "x")).Error.ShouldContain("give the whole id");
        (await Run("forget", $"{id}0", "--reason", "x")).Error.ShouldContain("check the id");
        var forgotten = await Run("forget", id, "--reason", "request 2026-117", "--until-seen-again");

        forgotten.Output.ShouldContain($"Lead {id} is forgotten.");
        forgotten.ExitCode.ShouldBe(0);
        (await Sync.Value("select count(*) from legacy.leads where id = $1", id)).ShouldBe(0L);
        (await Run("history", id)).Output.ShouldNotContain("Forgettable");
        (await Run("log", "--since", "1h")).Output.ShouldContain(
            $"An operator asked to forget lead {id}. (somebody on this machine: request 2026-117)");
        await Sync.Change("edit", new { ids = new[] { id }, values = new { City = "Again" } });
        await Shows(id, "Again");
    }

    [Fact]
    public async Task the_log_says_what_happened_and_who_started_it()
    {
        (await Run("catch-up", "--wait", "--reason", "a look at the log")).ExitCode.ShouldBe(0);

        var log = await Run("log", "--since", "1h");

        log.ExitCode.ShouldBe(0);
        foreach (var line in new[] { "A scheduler became the leader.", "The notification channel was renewed",
            "A catch-up was requested. (somebody on this machine: a look at the log)", "The gateway now runs version" })
            log.Output.ShouldContain(line);
        (await Run("log", "--json")).Output.Trim().Split('\n')[^1].ShouldStartWith("{");
    }

    [Fact]
    public async Task control_characters_of_a_lead_do_not_reach_the_terminal()
    {
        var id = (await Sync.Change("edit", new { count = 1, values = new { City = "Ro\u001b[2Jme\u009b31m" } })).Single();
        await Shows(id, "Ro\u001b[2Jme\u009b31m");

        foreach (var arguments in new[] { new[] { "lead", id }, ["history", id], ["why", id, "City"] })
        {
            var output = (await Run(arguments)).Output;
            output.ShouldContain("Ro\u241b[2Jme");
            output.ShouldNotContain("\u001b");
            output.ShouldNotContain("\u009b");
        }
    }

    [Fact]
    public async Task the_executable_answers_complains_and_exits_as_the_program_within_this_process()
    {
        var status = await CommandLine.RunExecutable(CommandLine.Of(Sync), "status", "--wait");
        status.Output.ShouldContain("In sync.");
        (status.ExitCode, status.Error).ShouldBe((0, ""));

        var nobody = await CommandLine.RunExecutable(Nowhere, "lead", "123", "--json");
        nobody.ShouldBe(await CommandLine.Run(Nowhere, "lead", "123", "--json"));
        (nobody.ExitCode, nobody.Json.GetProperty("exitCode").GetInt32()).ShouldBe((3, 3));
    }

    [Fact]
    public async Task pause_shows_in_the_status_which_then_exits_with_one_until_resume()
    {
        (await Run("pause")).ExitCode.ShouldBe(0);
        var paused = await Run("status");
        (await Run("resume", "--json")).Json.GetProperty("accepted").GetString().ShouldBe("resume");

        paused.Output.ShouldContain("Paused");
        paused.ExitCode.ShouldBe(1);
        (await Run("status", "--wait")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task a_watched_status_writes_each_new_situation_until_it_is_interrupted()
    {
        var watching = CommandLine.RunUntil(Sync, written => written.Contains("Paused", StringComparison.Ordinal), "status", "--watch");
        (await Run("pause")).ExitCode.ShouldBe(0);
        var watched = await watching;
        (await Run("resume")).ExitCode.ShouldBe(0);

        watched.ExitCode.ShouldBe(130);
        watched.Output.ShouldContain("Paused");
        (await Run("status", "--wait")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task a_lead_and_the_whole_view_are_shown_as_they_were()
    {
        var id = (await Sync.Change("edit", new { count = 1, values = new { City = "Then" } })).Single();
        await Shows(id, "Then");
        var then = ((DateTime)(await Sync.Value("select clock_timestamp()"))!).ToString("O", CultureInfo.InvariantCulture);
        await Sync.Change("edit", new { ids = new[] { id }, values = new { City = "Now" } });
        await Shows(id, "Now");

        (await Run("lead", id, "--as-of", then, "--json")).Json.GetProperty("fields").GetProperty("City").GetString().ShouldBe("Then");
        var rebuilt = await Run("rebuild", "--as-of", then, "--wait", "--json");
        rebuilt.ExitCode.ShouldBe(0);
        var table = TableName().Match(rebuilt.Json.GetProperty("ending").GetString()!).Groups[1].Value;
        (await Sync.Value($"select city from {table} where id = $1", id)).ShouldBe("Then");
        (await Sync.Value("select city from legacy.leads where id = $1", id)).ShouldBe("Now");
    }

    [Fact]
    public async Task why_names_the_event_that_set_a_value_and_history_shows_what_it_changed()
    {
        var id = await Sync.LeadOfOneEvent();
        await Sync.Change("edit", new { ids = new[] { id }, values = new { City = "Rome" } });
        await Shows(id, "Rome");
        await Sync.Change("edit", new { ids = new[] { id }, values = new { Last_Name = "Later" } });
        await RunningSync.Until(
            "the later edit is in the view",
            async () => await Sync.Value("select last_name from legacy.leads where id = $1", id) is "Later");

        var why = await Run("why", id, "city", "--json");
        why.ExitCode.ShouldBe(0);
        why.Json.GetProperty("field").GetString().ShouldBe("City");
        why.Json.GetProperty("value").GetString().ShouldBe("Rome");
        why.Json.GetProperty("setBy").GetProperty("version").GetInt64().ShouldBe(2);
        why.Json.GetProperty("setBy").GetProperty("source").GetString().ShouldBe("Notification");
        (await Run("why", id, "City")).Output.ShouldContain("event 2, announced by a notification");

        var history = await Run("history", id);
        history.Output.ShouldContain("Last_Name");
        history.Output.ShouldContain("→ Later");
        (await Run("history", id, "--json", "--last", "1")).Json.EnumerateArray().Single().GetProperty("version").GetInt64().ShouldBe(3);
        (await Run("lead", id)).Output.ShouldContain("Rome");
        (await Run("lead", id, "--json")).Json.GetProperty("fields").GetProperty("City").GetString().ShouldBe("Rome");
    }

    [Fact]
    public async Task a_catch_up_finds_what_nothing_announced_and_is_waited_for()
    {
        var id = (await Sync.Change("edit", new { count = 1, announce = "None", values = new { City = "Found" } })).Single();

        var caughtUp = await Run("catch-up", "--wait");

        caughtUp.Output.ShouldContain("Caught up.");
        caughtUp.ExitCode.ShouldBe(0);
        (await Sync.Value("select city from legacy.leads where id = $1", id)).ShouldBe("Found");
        (await Run("catch-up", "--json")).Json.GetProperty("accepted").GetString().ShouldBe("catch-up");
    }

    [Fact]
    public async Task compare_reads_every_lead_again()
    {
        var compared = await Run("compare", "--wait", "--json");

        compared.Json.GetProperty("succeeded").GetBoolean().ShouldBeTrue();
        compared.ExitCode.ShouldBe(0);
        (await Run("compare", "held")).Output.ShouldContain("No comparison is held back.");
        (await Run("compare", "release")).ShouldSatisfyAllConditions(
            result => result.ExitCode.ShouldBe(1),
            result => result.Error.ShouldContain("No comparison is held back."));
    }

    [Fact]
    public async Task a_rebuild_is_waited_for_and_shows_in_the_status()
    {
        var rebuilt = await Run("rebuild", "--wait");

        rebuilt.Output.ShouldContain("Rebuilt");
        rebuilt.ExitCode.ShouldBe(0);
        (await Run("status")).Output.ShouldContain("rebuild");
        (await Run("rebuild", "--undo", "--wait")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task parked_items_are_listed_replayed_and_dropped_by_commands()
    {
        (await Run("parked", "list")).Output.ShouldContain("Nothing is parked.");
        foreach (var line in new[] { 1, 2 })
        {
            await Sync.Value("""
                insert into parking.parked (service, kind, key, origin, line, lead_id, reason)
                select 'projector', 'lead', 'test ' || $1, 'a test', $1, (select id from legacy.leads limit 1), 'It does not fit [at all].'
                """, (long)line);
        }

        var list = await Run("parked", "list");
        list.Output.ShouldContain("It does not fit [at all].");
        list.ExitCode.ShouldBe(1);
        var ids = (await Run("parked", "list", "--json")).Json.GetProperty("items").EnumerateArray()
            .Select(item => $"{item.GetProperty("id").GetInt64()}").ToList();
        ids.Count.ShouldBe(2);

        (await Run("parked", "drop", ids[0])).ExitCode.ShouldBe(0);
        (await Run("parked", "drop", ids[0])).ExitCode.ShouldBe(1);
        (await Run("parked", "replay", ids[1], "--json")).Json.GetProperty("id").GetInt64().ToString().ShouldBe(ids[1]);
        (await Run("parked", "list")).ExitCode.ShouldBe(0);
        (await Run("parked", "replay", "--all")).ExitCode.ShouldBe(0);
        (await Run("parked", "drop", "--all", "--yes")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task an_unknown_lead_or_item_exits_with_one_and_a_sentence()
    {
        (await Run("lead", "123")).ShouldSatisfyAllConditions(
            result => result.ExitCode.ShouldBe(1),
            result => result.Error.ShouldContain("a lead 123"));

        var id = (string)(await Sync.Value("select id from legacy.leads limit 1"))!;
        (await Run("why", id, "No_Such_Field", "--json")).ShouldSatisfyAllConditions(
            result => result.ExitCode.ShouldBe(1),
            result => result.Json.GetProperty("exitCode").GetInt32().ShouldBe(1),
            result => result.Json.GetProperty("error").GetString()!.ShouldContain("No_Such_Field"));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("lead", "123")]
    [InlineData("history", "123")]
    [InlineData("why", "123", "City")]
    [InlineData("catch-up")]
    [InlineData("compare")]
    [InlineData("rebuild")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("log")]
    [InlineData("alerts")]
    [InlineData("status", "--wait")]
    [InlineData("status", "--watch")]
    [InlineData("parked", "list")]
    [InlineData("parked", "replay", "1")]
    [InlineData("parked", "drop", "--all", "--yes")]
    public async Task without_an_answer_every_command_exits_with_three_and_says_what_to_do(params string[] arguments)
    {
        var result = await CommandLine.Run(Nowhere, arguments);

        result.ExitCode.ShouldBe(3);
        result.Error.ShouldContain("-url");
        result.Error.Trim().Split('\n').Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("lead", "123")]
    [InlineData("why", "123", "City")]
    [InlineData("pause")]
    public async Task when_another_program_answers_the_command_says_so(params string[] arguments)
    {
        var result = await CommandLine.Run(
            new Dictionary<string, string> { ["LEADSYNC_URL"] = $"{Sync.Services.Gateway.Address}" }, arguments);

        result.ExitCode.ShouldBe(3);
        result.Error.ShouldContain("is no scheduler");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("lead")]
    [InlineData("lead", "not-an-id")]
    [InlineData("status", "--url", "localhost")]
    [InlineData("parked", "drop")]
    [InlineData("parked", "drop", "--all")]
    [InlineData("parked", "drop", "--group", "a reason")]
    [InlineData("parked")]
    public async Task a_command_line_that_is_wrong_exits_with_two(params string[] arguments) =>
        (await CommandLine.Run(Nowhere, arguments)).ShouldSatisfyAllConditions(
            result => result.ExitCode.ShouldBe(2),
            result => result.Output.ShouldBeEmpty(),
            result => result.Error.ShouldNotBeEmpty());

    [Theory]
    [InlineData("--help")]
    [InlineData("status", "--help")]
    [InlineData("lead", "--help")]
    [InlineData("why", "--help")]
    [InlineData("parked", "replay", "--help")]
    public async Task help_ends_with_examples(params string[] arguments)
    {
        var result = await CommandLine.Run(Nowhere, arguments);

        result.ExitCode.ShouldBe(0);
        result.Output.ShouldContain("Examples:\n  leadsync");
    }

    [GeneratedRegex("The table ([a-z_0-9.]+)")]
    private static partial Regex TableName();

    private Task<CommandResult> Run(params string[] arguments) => CommandLine.Run(Sync, arguments);

    private Task Shows(string id, string city) => RunningSync.Until(
        $"the view shows {city}",
        async () => await Sync.Value("select city from legacy.leads where id = $1", id) is string shown && shown == city);
}
