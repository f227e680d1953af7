using System.Text;
using LeadSync.Contracts;
using LeadSync.IntegrationTests.Feed;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Rebuilds;
using LeadSync.ServiceDefaults.Bus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadSync.IntegrationTests.Projector;

/// <summary>Fields appear, and change their type or name, while the projector applies leads.</summary>
public sealed class FieldSetTests(ProjectorParts projector) : IClassFixture<ProjectorParts>
{
    private static readonly DateTimeOffset Start = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);
    private static long ids = 41608680000000;

    private readonly string id = $"{Interlocked.Increment(ref ids)}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_gateway_that_does_not_know_a_field_yet_is_not_believed()
    {
        await Learn("older", new LeadField("Size", FieldType.Integer));
        await Should.ThrowAsync<OutageException>(async () => await Columns.For("newer", Stop));
        Describe("newer", new LeadField("Size", FieldType.Integer), new LeadField("Weight", FieldType.Numeric));

        (await Columns.For("newer", Stop)).Fields.Select(field => field.Name).ShouldBe(["Size", "Weight"]);
    }

    [Fact]
    public async Task a_set_that_was_learned_once_needs_no_gateway()
    {
        await Learn("learned", new LeadField("Shoe", FieldType.Integer));
        projector.Described = null;
        var another = ActivatorUtilities.CreateInstance<LegacyColumns>(projector.Services);

        (await another.For("learned", Stop)).Fields.Single().Name.ShouldBe("Shoe");
        await Should.ThrowAsync<OutageException>(async () => await another.For("unheard of", Stop));
    }

    [Fact]
    public async Task what_an_older_field_set_does_not_know_stays_as_it_is_known()
    {
        await Learn("before", new LeadField("City", FieldType.Text));
        await Learn("after", new LeadField("City", FieldType.Text), new LeadField("Added_Later", FieldType.Text));
        await projector.Fold(Seen("after", 1, ("City", "Rome"), ("Added_Later", "kept")));

        await projector.Fold(Seen("before", 2, ("City", "Bonn")));

        (await projector.Value<string>("select concat_ws(' ', city, added_later) from legacy.leads where id = $1", id))
            .ShouldBe("Bonn kept");
        (await projector.History.Lead(id, null, Stop))!.Content!.Fields!["Added_Later"].ShouldBe("kept");
    }

    [Fact]
    public async Task a_field_whose_name_changes_its_case_is_still_the_same_field()
    {
        await Learn("one case", new LeadField("Lead_score", FieldType.Integer));
        await projector.Fold(Seen("one case", 1, ("Lead_score", "1")));
        await Learn("another case", new LeadField("Lead_Score", FieldType.Integer));

        await projector.Fold(Seen("another case", 2, ("Lead_Score", "2")));

        (await projector.Value<long>("select lead_score from legacy.leads where id = $1", id)).ShouldBe(2);
    }

    [Fact]
    public async Task fields_whose_names_differ_in_case_only_from_each_other_s_or_from_ours_have_columns_of_their_own()
    {
        LeadField town = new("Town_Twice", FieldType.Text), other = new("town_twice", FieldType.Integer),
        ours = new("Modified_time", FieldType.Text);
        await Learn("one of each", town, other, ours);
        await projector.Fold(Seen("one of each", 1, ("Town_Twice", "Rome"), ("town_twice", "7"), ("Modified_time", "noon")));
        (await projector.Row("select town_twice, town_twice_2, modified_time_2 from legacy.leads where id = $1", id))
            .ShouldBe(new object[] { "Rome", 7L, "noon" });

        await Learn("the second alone", other);
        await projector.Fold(Seen("the second alone", 2, ("town_twice", "8")));
        (await projector.Row("select town_twice, town_twice_2 from legacy.leads where id = $1", id)).ShouldBe(new object?[] { null, 8L });
        (await Rebuild(new RebuildView(Guid.NewGuid()))).Differences.ShouldBe(0);
        (await projector.Part<ViewCheck>().Check(Stop)).ShouldBe(0);
        await FeedTruth.CopyShouldBeTheView(projector.Database, id);
    }

    [Fact]
    public async Task fields_with_names_that_sql_has_a_meaning_for_are_synced_rebuilt_and_checked()
    {
        string[] names = ["Ctid", "E", "F", "L", "N", "O", "R", "S", "V", "Select", "Version", "Xmin", new string('a', 50)];
        await Learn("odd", [.. names.Select(name => new LeadField(name, FieldType.Text))]);
        await projector.Fold(Seen("odd", 1, [.. names.Select(name => (name, (string?)$"of {name}"))]));

        (await projector.Value<string>("select concat_ws('|', ctid_, e, f, l, n, xmin_) from legacy.leads where id = $1", id))
            .ShouldBe("of Ctid|of E|of F|of L|of N|of Xmin");
        (await Rebuild(new RebuildView(Guid.NewGuid()))).Differences.ShouldBe(0);
        (await projector.Part<ViewCheck>().Check(Stop)).ShouldBe(0);
        await FeedTruth.CopyShouldBeTheView(projector.Database, id);
    }

    [Fact]
    public async Task a_field_that_changes_its_type_gets_a_column_of_the_new_one_when_told_to()
    {
        await Learn("numbers", new LeadField("Code", FieldType.Integer), new LeadField("Town", FieldType.Text));
        await projector.Fold(Seen("numbers", 1, ("Code", "12"), ("Town", "Rome")));
        await Learn("texts", new LeadField("Code", FieldType.Text), new LeadField("Town", FieldType.Text));

        await projector.Fold(Seen("texts", 2, ("Code", "A-7"), ("Town", "Bonn")));

        (await projector.Value<string>("select town from legacy.leads where id = $1 and code is null", id)).ShouldBe("Bonn");
        (await projector.Value<string>("select reason from parking.parked where kind = 'value' and lead_id = $1", id))
            .ShouldContain("leadsync retype Code");

        var messages = new List<object>();
        var ordered = ActivatorUtilities.CreateInstance<RequestedRebuild>(projector.Services, (Publish)((message, _) =>
        {
            messages.Add(message);
            return Task.CompletedTask;
        }));
        await ordered.Run(new RebuildView(Guid.NewGuid(), Retype: "code"), Stop);
        messages.OfType<ViewRebuilt>().ShouldHaveSingleItem().Differences.ShouldBe(0);
        (await projector.Value<long>("select count(*) from parking.parked where lead_id = $1", id)).ShouldBe(0, "the value is shown now");
        (await projector.Value<string>("select code_text from legacy.leads where id = $1 and code is null", id)).ShouldBe("A-7");
        (await projector.Value<string>("select type from projector.synced_fields where api_name = 'Code'"))
            .ShouldBe("Text", "a preview uses the latest column");
        await projector.Fold(Seen("texts", 3, ("Code", "15"), ("Town", "Bonn")));
        (await projector.Value<string>("select concat_ws(' ', code, code_text) from legacy.leads where id = $1", id)).ShouldBe("15 15");
        (await projector.Value<long>("select count(*) from parking.parked where lead_id = $1", id)).ShouldBe(0);
        (await Rebuild(new RebuildView(Guid.NewGuid()))).Differences.ShouldBe(0);
        await FeedTruth.CopyShouldBeTheView(projector.Database, id);
        await projector.Fold(Seen("texts", 4, ("Code", "B-8"), ("Town", "Bonn")));
        await FeedTruth.CopyShouldBeTheView(projector.Database, id);
    }

    [Fact]
    public async Task a_new_column_whose_name_another_field_has_gets_a_number()
    {
        await Learn("numbers of bolts", new LeadField("Bolt", FieldType.Integer), new LeadField("Bolt_Text", FieldType.Text));
        await projector.Fold(Seen("numbers of bolts", 1, ("Bolt", "12"), ("Bolt_Text", "taken")));
        await Learn("names of bolts", new LeadField("Bolt", FieldType.Text), new LeadField("Bolt_Text", FieldType.Text));
        await projector.Fold(Seen("names of bolts", 2, ("Bolt", "M8"), ("Bolt_Text", "taken")));

        (await Rebuild(new RebuildView(Guid.NewGuid(), Retype: "Bolt"))).Differences.ShouldBe(0);
        (await projector.Value<string>("select concat_ws(' ', bolt, bolt_text, bolt_text_2) from legacy.leads where id = $1", id))
            .ShouldBe("taken M8");
    }

    [Fact]
    public async Task a_value_of_another_type_is_listed_if_and_only_if_its_column_shows_null()
    {
        string[] texts =
        [
            "12", "-0.5", "0", "-0", "007", "1.50", "1e3", "12%", "$5", "12,34,567", "NaN", "Infinity", "99999999999999999999", "true",
            "checked", "yes", "1", "T", "2026-08-15", "2026-02-30", "20260815", "1/2/2026", "today", "2026-08-15T10:00:00Z",
            "2026-08-15T10:00:00.5Z", "2026-08-15T10:00:00+02:00", "2026-08-15 10:00", "12026-01-01", "0000-01-01", "noon",
            "9223372036854775807", "9223372036854775808",
        ];
        foreach (var type in new[] { FieldType.Numeric, FieldType.Integer, FieldType.Boolean, FieldType.Date, FieldType.DateTime })
        {
            var field = new SyncedField(new("Value", FieldType.Text), new Column("Value", type));
            foreach (var text in texts)
            {
                var isNull = await projector.Value<bool>($"select projector.as_{type.SqlType()}($1) is null", text);
                (field.Misfit(Encoding.UTF8.GetBytes(text)) is not null).ShouldBe(isNull, $"{text} in a column of type {type}");
            }
        }
    }

    [Fact]
    public async Task a_reader_that_keeps_a_column_from_being_added_keeps_nobody_waiting_and_what_came_meanwhile_is_shown()
    {
        await using var reader = await projector.Database.OpenConnectionAsync(Stop);
        await using (await reader.BeginTransactionAsync(Stop))
        {
            await using var read = new Npgsql.NpgsqlCommand("select count(*) from legacy.leads", reader);
            await read.ExecuteScalarAsync(Stop);
            await Learn("with a late column", new LeadField("Late", FieldType.Text));
            await projector.Fold(Seen("with a late column", 1, ("Late", "shown in the end")));
            (await projector.Value<long>("select count(*) from legacy.leads where id = $1", id)).ShouldBe(1);
        }

        var adding = projector.Services.GetServices<IHostedService>().OfType<NewColumns>().Single();
        await adding.StartAsync(Stop);
        var started = TimeProvider.System.GetTimestamp();
        while (Columns.Pending.IsEmpty is false || await projector.Row("select late from legacy.leads where id = $1", id) is not [string])
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }

        await adding.StopAsync(Stop);
        (await projector.Value<string>("select late from legacy.leads where id = $1", id)).ShouldBe("shown in the end");
    }

    private LegacyColumns Columns => projector.Part<LegacyColumns>();

    private void Describe(string set, params LeadField[] fields) => projector.Described = new(set, fields);

    private async Task Learn(string set, params LeadField[] fields)
    {
        Describe(set, fields);
        await Columns.For(set, Stop);
    }

    private async Task<ViewRebuilt> Rebuild(RebuildView command) => (await projector.Rebuild.Run(command, new(TimeProvider.System), Stop))!;

    private LeadChanged Seen(string set, int second, params (string Name, string? Value)[] fields) => new(
        id, Source.Notification, Start.AddSeconds(second),
        new(Start.AddSeconds(second), set, fields.ToDictionary(field => field.Name, field => field.Value)));
}
