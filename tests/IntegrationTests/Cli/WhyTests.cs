using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Cli;

/// <summary>Why a field holds what it holds, of a lead that has been edited ten thousand times.</summary>
public sealed class WhyTests(FreshSync fresh) : IClassFixture<FreshSync>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => fresh.Sync;

    [Fact]
    public async Task of_ten_thousand_events_the_first_is_named_within_50_milliseconds()
    {
        var id = (string)(await Sync.Value("select id from legacy.leads where city is not null and exists (select from projector.lead_history where stream = 'lead-' || id and version = 1) limit 1"))!;
        await Sync.Value("""
            insert into projector.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
            select nextval('projector.mt_events_sequence'), gen_random_uuid(), stream_id, v,
                data || jsonb_build_object(
                    'Source', 'Notification', 'ModifiedTime', (data ->> 'ModifiedTime')::timestamptz + v * interval '1 s',
                    'ObservedAt', (data ->> 'ObservedAt')::timestamptz + v * interval '1 s', 'Fields', data -> 'Fields' || jsonb_build_object('Last_Name', 'Edit ' || v)),
                type, now(), tenant_id, mt_dotnet_type, false
            from projector.mt_events, generate_series(2, 10000) v, set_config('default_toast_compression', 'lz4', false) as the_services_do
            where stream_id = 'lead-' || $1 and projector.mt_events.version = 1
            """, id);
        await Sync.Value("vacuum analyze projector.mt_events");

        (await Ask(id, "last_name")).GetProperty("setBy").GetProperty("version").GetInt64().ShouldBe(10_000);
        (await Ask(id, "Last_Name")).GetProperty("changes").GetInt32().ShouldBe(10_000);
        (await Ask(id, "modified_time")).GetProperty("setBy").GetProperty("version").GetInt64().ShouldBe(10_000);
        (await Ask(id, "City")).GetProperty("setBy").GetProperty("version").GetInt64().ShouldBe(1);

        // On a slow machine that is as long as five plain looks into each event.
        await RunningSync.Until($"an answer comes within {Limit.TotalMilliseconds} ms, or within five plain looks into each event", async () =>
        {
            var look = await Best(() => Sync.Value("select count(data #>> '{Fields,City}') from projector.mt_events where stream_id = 'lead-' || $1", id));
            var took = await Best(() => Ask(id, "City"));
            TestContext.Current.TestOutputHelper?.WriteLine($"The origin of a value was answered in {took.TotalMilliseconds:0.0} ms, beside a look of {look.TotalMilliseconds:0.0} ms");
            return took < Limit || took < 5 * look;
        });
    }

    private static async Task<TimeSpan> Best(Func<Task> act)
    {
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await act();
            var took = TimeProvider.System.GetElapsedTime(started);
            best = took < best ? took : best;
        }

        return best;
    }

    private Task<JsonElement> Ask(string id, string field) => Sync.Scheduler.GetFromJsonAsync<JsonElement>($"/console/data/leads/{id}/fields/{field}", Stop);
}
