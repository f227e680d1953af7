using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Rebuilds;
using LeadSync.ServiceDefaults;

namespace LeadSync.UnitTests.Projector.Rebuilds;

public sealed class RebuildJobTests
{
    [Fact]
    public void the_arguments_select_a_rebuild_an_undo_or_a_view_as_of_a_moment()
    {
        Parsed().ShouldBe((false, null));
        Parsed("--undo").ShouldBe((true, null));
        Parsed("--as-of", "2026-11-24T13:00:00+01:00").ShouldBe((false, new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero)));
        Parsed("--as-of", "2026-11-24T12:00:00").ShouldBe((false, new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("--as-of")]
    [InlineData("--as-of", "yesterday")]
    [InlineData("--undo", "--as-of", "2026-11-24T12:00:00Z")]
    [InlineData("--now")]
    public void invalid_arguments_are_refused_with_an_example(params string[] arguments) =>
        Should.Throw<SettingsException>(() => RebuildJob.Parse(arguments)).Message.ShouldContain(
            "rebuild [--as-of 2026-11-24T12:00:00Z | --undo]");

    [Theory]
    [InlineData("2026-11-24T12:00:00Z", "leads_as_of_20261124t120000z")]
    [InlineData("2026-11-24T12:00:00.25Z", "leads_as_of_20261124t120000_25z")]
    public void a_view_as_it_was_is_named_after_its_moment(string moment, string name) =>
        ViewVersion.AsOf("leads", DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(name);

    private static (bool Undo, DateTimeOffset? AsOf) Parsed(params string[] arguments)
    {
        RebuildView command = RebuildJob.Parse(arguments);
        return (command.Undo, command.AsOf);
    }
}
