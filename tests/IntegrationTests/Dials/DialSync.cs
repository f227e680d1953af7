using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Dials;

/// <summary>
/// A sync with the dials of its simulated Zoho. Tokens and downloads are unlimited unless a dial limits them. The sync lives for many
/// minutes, so its processes compile their frequent methods again, as the runtime does by default.
/// </summary>
public abstract class DialSync(SharedServers shared, params (string Key, string Value)[] settings) : SharedSync(
    shared, leads: 300,
    [
        ("Simulator__TokensPerTenMinutes", "0"), ("Simulator__BulkDownloadsPerMinute", "0"), ("DOTNET_TC_CallCountThreshold", "1E"),
        .. settings
    ])
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected override bool IsNeeded => TestForm.IsLong;

    /// <summary>Turns dials, changes leads in Zoho, repairs, expects a true view, and turns the dials back.</summary>
    internal async Task Play(Turn turn)
    {
        var before = await Dials();
        var counted = await Counted(turn.Counted);
        await Sync.Turn(turn.Settings.ToDictionary(setting => setting.Name, setting => Json(setting, before)));
        try
        {
            await turn.First(Sync);
            await turn.Work(Sync);
            await turn.Meanwhile(Sync);
            if (turn.MovesBack)
                await Truth.ShouldComeToBeTheView(Sync, Sync.Compare);
            else if (!turn.IsOutage)
                await BeTrue(turn.Repair);
            if (turn.Counted is not null)
                await RunningSync.Until($"the simulator counts {turn.Counted}", async () => await Counted(turn.Counted) > counted);
        }
        finally
        {
            await Sync.Turn(before);
        }

        if (turn.IsOutage)
            await BeTrue(turn.Repair);
        // Two values within a second of one Modified_Time have no order, so the first comparison may keep the earlier value.
        if (turn.MovesBack)
            await Truth.ShouldComeToBeTheView(Sync, Sync.Compare);
    }

    internal Task<JsonElement> Dials() => Sync.Zoho.GetFromJsonAsync<JsonElement>("/control/dials", Stop);

    private async Task BeTrue(Repair repair)
    {
        if (repair == Repair.CatchUp)
            await Sync.CatchUp();
        if (repair == Repair.Comparison)
            await Sync.Compare();
        await Truth.ShouldBeTheView(Sync);
    }

    private async Task<long> Counted(string? what)
    {
        if (what is null)
            return 0;

        var statistics = await Sync.Zoho.GetFromJsonAsync<JsonElement>("/control/statistics", Stop);
        return ((string[])["counts", "calls"]).Sum(group => statistics.GetProperty(group)
            .TryGetProperty(what, out var count) ? count.GetInt64() : 0);
    }

    /// <returns>The dial's value with its JSON type: a text, a number, or a boolean.</returns>
    private static object Json((string Name, string Value) setting, JsonElement dials)
    {
        var now = dials.EnumerateObject().Single(dial => dial.Name.Equals(setting.Name, StringComparison.OrdinalIgnoreCase)).Value;
        return now.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => bool.Parse(setting.Value),
            JsonValueKind.Number => double.Parse(setting.Value, CultureInfo.InvariantCulture),
            _ => setting.Value,
        };
    }
}
