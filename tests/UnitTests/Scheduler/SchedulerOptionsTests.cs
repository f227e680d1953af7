using LeadSync.Scheduler;
using LeadSync.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace LeadSync.UnitTests.Scheduler;

public sealed class SchedulerOptionsTests
{
    [Fact]
    public void a_missing_key_has_a_default() =>
        Read(null).ShouldBe(new SchedulerOptions
        {
            CatchUpInterval = TimeSpan.FromHours(1),
            FullComparisonInterval = TimeSpan.FromDays(1),
            ChannelLifetime = TimeSpan.FromDays(1),
        });

    [Fact]
    public void a_second_is_short_enough() =>
        Read("00:00:01").ChannelLifetime.ShouldBe(TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData("soon")]
    [InlineData("00:00:00")]
    [InlineData("-01:00:00")]
    [InlineData("86400")]
    public void an_invalid_value_is_refused_with_a_sentence_that_names_the_key_and_an_example(string value) =>
        Should.Throw<SettingsException>(() => Read(value)).Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain("Scheduler__ChannelLifetime"),
            message => message.ShouldContain("example"));

    private static SchedulerOptions Read(string? lifetime) => SchedulerOptions.From(new Settings(
        new ConfigurationBuilder().AddInMemoryCollection([new("Scheduler:ChannelLifetime", lifetime)]).Build()));
}
