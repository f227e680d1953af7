using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Channels;

public sealed class ChannelRenewalTests
{
    private static readonly WatchRequest Request = new("1000", "token", "https://sync.test/zoho/notifications?k=s", Start.AddDays(1));

    private readonly FakeZoho zoho = new();

    [Fact]
    public async Task a_new_channel_is_opened()
    {
        zoho.WatchAnswers.Enqueue(Start.AddDays(1));

        (await Renew(wasOpened: false)).ShouldBe(new ChannelRenewal(Start.AddDays(1), Reopened: false));
        zoho.Calls.ShouldBe(["POST"]);
    }

    [Fact]
    public async Task an_open_channel_is_replaced()
    {
        zoho.WatchAnswers.Enqueue(Start.AddDays(1));

        (await Renew(wasOpened: true)).ShouldBe(new ChannelRenewal(Start.AddDays(1), Reopened: false));
        zoho.Calls.ShouldBe(["PUT"]);
    }

    [Fact]
    public async Task a_channel_that_zoho_has_forgotten_is_opened_again()
    {
        zoho.WatchAnswers.Enqueue(Rejection("NOT_SUBSCRIBED"));
        zoho.WatchAnswers.Enqueue(Start.AddDays(1));

        (await Renew(wasOpened: true)).Reopened.ShouldBeTrue();
        zoho.Calls.ShouldBe(["PUT", "POST"]);
    }

    [Fact]
    public async Task a_channel_that_zoho_still_has_is_closed_before_it_is_opened_again()
    {
        zoho.WatchAnswers.Enqueue(Rejection("NOT_SUBSCRIBED"));
        zoho.WatchAnswers.Enqueue(Rejection("ALREADY_USED"));
        zoho.WatchAnswers.Enqueue(Rejection("NOT_SUBSCRIBED"));
        zoho.WatchAnswers.Enqueue(Start.AddDays(1));

        (await Renew(wasOpened: true)).ExpiresAt.ShouldBe(Start.AddDays(1));
        zoho.Calls.ShouldBe(["PUT", "POST", "DELETE", "POST"]);
    }

    [Fact]
    public async Task the_granted_expiry_counts_and_not_the_requested_one()
    {
        zoho.WatchAnswers.Enqueue(Start.AddHours(1));

        (await Renew(wasOpened: true)).ExpiresAt.ShouldBe(Start.AddHours(1));
    }

    [Fact]
    public async Task after_an_answer_without_an_expiry_the_gateway_reads_the_channel()
    {
        zoho.WatchAnswers.Enqueue(null);
        zoho.Channel = new WatchedChannel("1000", [], null, null, Start.AddHours(9));

        (await Renew(wasOpened: true)).ExpiresAt.ShouldBe(Start.AddHours(9));
    }

    [Fact]
    public async Task a_channel_without_a_stated_expiry_lives_an_hour()
    {
        zoho.WatchAnswers.Enqueue(null);
        zoho.Channel = new WatchedChannel("1000", [], null, null, Expiry: null);

        (await Renew(wasOpened: true)).ExpiresAt.ShouldBe(Start.AddHours(1));
    }

    [Fact]
    public async Task a_success_without_a_channel_in_zoho_counts_as_a_failure()
    {
        zoho.WatchAnswers.Enqueue(null);

        await Should.ThrowAsync<ZohoException>(() => Renew(wasOpened: true));
    }

    [Fact]
    public async Task a_living_channel_is_not_closed_because_its_renewal_is_refused_for_another_reason()
    {
        zoho.WatchAnswers.Enqueue(Rejection("LIMIT_REACHED"));
        zoho.Channel = new WatchedChannel("1000", [], null, null, Start.AddHours(9));

        (await Should.ThrowAsync<ZohoException>(() => Renew(wasOpened: true))).Code.ShouldBe("LIMIT_REACHED");
        zoho.Calls.ShouldBe(["PUT", "GET"]);
    }

    [Fact]
    public async Task a_channel_that_zoho_refuses_to_replace_with_another_code_is_opened_again_when_zoho_does_not_have_it()
    {
        zoho.WatchAnswers.Enqueue(Rejection("INVALID_DATA"));
        zoho.WatchAnswers.Enqueue(Start.AddDays(1));

        (await Renew(wasOpened: true)).Reopened.ShouldBeTrue();
        zoho.Calls.ShouldBe(["PUT", "GET", "POST"]);
    }

    [Fact]
    public async Task an_outage_opens_no_other_channel()
    {
        zoho.WatchAnswers.Enqueue(Outage());

        await Should.ThrowAsync<ZohoException>(() => Renew(wasOpened: true));
        zoho.Calls.ShouldBe(["PUT"]);
    }

    private Task<ChannelRenewal> Renew(bool wasOpened) =>
        ChannelRenewal.Renew(zoho, Request, wasOpened, Start, TestContext.Current.CancellationToken);
}
