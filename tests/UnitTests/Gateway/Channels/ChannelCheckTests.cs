using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho.Apis;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Channels;

public sealed class ChannelCheckTests
{
    private const string Url = "https://sync.test/zoho/notifications?k=s";

    private static readonly AcceptedTokens Accepted = new("1000", [new AcceptedToken(AcceptedTokens.Hash("token"), Start.AddDays(1))]);

    private static readonly WatchedChannel Channel =
        new("1000", ["Leads.edit", "Leads.create", "Leads.delete"], Url, "token", Start.AddHours(1));

    [Fact]
    public void a_channel_as_we_opened_it_is_confirmed() => Check(Channel).ShouldBeNull();

    [Fact]
    public void a_part_that_zoho_does_not_state_counts_as_equal() =>
        Check(Channel with { Events = [], NotifyUrl = null, Token = null }).ShouldBeNull();

    [Fact]
    public void all_events_in_one_word_are_all_events() =>
        Check(Channel with { Events = ["Leads.all"] }).ShouldBeNull();

    [Fact]
    public void a_channel_that_zoho_does_not_have_is_lost() => Check(null).ShouldNotBeNull();

    [Theory]
    [InlineData("https://sync.test/zoho/notifications")]
    [InlineData("https://sync.test:443/zoho/notifications/?k=s")]
    [InlineData("HTTPS://Sync.test/zoho/notifications?k=s")]
    public void an_address_that_zoho_writes_in_another_way_is_the_same(string url) =>
        Check(Channel with { NotifyUrl = url, Events = ["leads.EDIT", "leads.create", "LEADS.delete"] }).ShouldBeNull();

    [Theory]
    [InlineData("https://sync.test/zoho/notifications?k=other")]
    [InlineData("http://sync.test/zoho/notifications?k=s")]
    [InlineData("https://sync.test/zoho?k=s")]
    public void another_address_is_another_channel(string url) => Check(Channel with { NotifyUrl = url }).ShouldNotBeNull();

    public static TheoryData<string> Differences => ["expired", "events", "url", "token"];

    [Theory]
    [MemberData(nameof(Differences))]
    public void a_channel_that_differs_is_lost(string difference) =>
        Check(difference switch
        {
            "expired" => Channel with { Expiry = Start },
            "events" => Channel with { Events = ["Leads.edit", "Leads.create"] },
            "url" => Channel with { NotifyUrl = "https://elsewhere.test" },
            _ => Channel with { Token = "intruder" },
        }).ShouldNotBeNull().ShouldNotContain("intruder");

    private static string? Check(WatchedChannel? channel) => ChannelCheck.Problem(channel, Accepted, Url, Start);
}
