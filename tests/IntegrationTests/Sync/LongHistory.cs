using System.Net.Http.Json;
using System.Text.Json;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>A lead with many edits.</summary>
internal static class LongHistory
{
    private const int AtOnce = 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>
    /// Sends the projector edits that nobody made in Zoho, a second apart: <c>City 2</c>, <c>City 3</c> and so on, with the numbers of the
    /// events. The next real edit of the lead is newer than all of them.
    /// </summary>
    /// <param name="id">A lead with one event.</param>
    /// <param name="events">The number of events at the end.</param>
    public static async Task Make(RunningSync sync, string id, int events)
    {
        var fieldSet = (await sync.Services.Gateway.Http.GetFromJsonAsync<JsonElement>("/fields", Stop))
            .GetProperty("fieldSet").GetString();
        var modified = new DateTimeOffset((DateTime)(await sync.Value("select modified_time from legacy.leads where id = $1", id))!);
        foreach (var versions in Enumerable.Range(2, events - 1).Chunk(AtOnce))
        {
            var leads = versions.Select(version => new
            {
                id,
                source = 0,
                observedAt = TimeProvider.System.GetUtcNow(),
                content = new { modifiedTime = modified.AddSeconds(version), fieldSet, fields = new { City = $"City {version}" } },
            });
            await sync.Publish("leads-changed", JsonSerializer.Serialize(new
            {
                messageType = new[] { "urn:message:LeadSync.Contracts:LeadsChanged" },
                message = new { leads },
            }));

            // An edit that overtakes an earlier one makes the earlier one write no event.
            await RunningSync.Until($"the lead has {versions[^1]} events", async () =>
                Equals(
                    await sync.Value("select count(*) from projector.lead_history where stream = 'lead-' || $1", id), (long)versions[^1]));
        }
    }
}
