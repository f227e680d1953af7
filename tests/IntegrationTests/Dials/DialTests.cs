using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Dials;

/// <summary>A sync that asks Zoho about its channel every five seconds, so that it soon notices when Zoho forgets the channel.</summary>
public sealed class NotificationDials(SharedServers shared) : DialSync(shared, ("Scheduler__ChannelLifetime", "00:00:40"));

public sealed class BulkReadDials(SharedServers shared) : DialSync(shared, ("Simulator__DeliveryDropRate", "1"));

public sealed class CallDials(SharedServers shared) : DialSync(shared);

/// <summary>The view becomes true whatever happens to Zoho's notifications.</summary>
public sealed class NotificationDialTests(NotificationDials zoho) : IClassFixture<NotificationDials>
{
    public static TheoryData<string> Turns => [.. DialTable.Notifications.Select(turn => turn.Dials)];

    [Theory(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [MemberData(nameof(Turns))]
    public Task the_view_is_true_in_the_end(string dials) => zoho.Play(DialTable.Notifications.Single(turn => turn.Dials == dials));
}

/// <summary>The view becomes true whatever happens to bulk reads.</summary>
public sealed class BulkReadDialTests(BulkReadDials zoho) : IClassFixture<BulkReadDials>
{
    public static TheoryData<string> Turns => [.. DialTable.BulkReads.Select(turn => turn.Dials)];

    [Theory(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [MemberData(nameof(Turns))]
    public Task the_view_is_true_in_the_end(string dials) => zoho.Play(DialTable.BulkReads.Single(turn => turn.Dials == dials));
}

/// <summary>The view becomes true whatever happens to all other calls.</summary>
public sealed class CallDialTests(CallDials zoho) : IClassFixture<CallDials>
{
    public static TheoryData<string> Turns => [.. DialTable.Calls.Select(turn => turn.Dials)];

    [Theory(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [MemberData(nameof(Turns))]
    public Task the_view_is_true_in_the_end(string dials) => zoho.Play(DialTable.Calls.Single(turn => turn.Dials == dials));
}

[Collection(nameof(FreshSync))]
public sealed class DialTableTests(FreshSync fresh)
{
    [Fact]
    public async Task every_dial_of_the_simulator_is_in_the_table()
    {
        var dials = await fresh.Sync.Zoho.GetFromJsonAsync<JsonElement>("/control/dials", TestContext.Current.CancellationToken);

        dials.EnumerateObject().Select(dial => dial.Name)
            .Except(DialTable.All.SelectMany(turn => turn.Settings).Select(setting => setting.Name), StringComparer.OrdinalIgnoreCase)
            .ShouldBeEmpty("turn the dial in DialTable.cs, and say what makes the view true again");
    }
}
