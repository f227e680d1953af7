using System.Net.Http.Json;
using System.Text.Json;

namespace LeadSync.Chaos;

/// <summary>
/// Creates, edits, deletes and restores leads in the simulated Zoho at a steady rate. The seed decides which.
/// </summary>
internal sealed class Load(HttpClient simulator, ChaosOptions options)
{
    private readonly Random random = new(options.Seed);

    /// <summary>The number of changed leads.</summary>
    public int Changes { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / options.EditsPerSecond));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var (what, order) = Next();
                using var answer = await simulator.PostAsJsonAsync(
                    $"control/leads/{what}", order, JsonSerializerOptions.Default, CancellationToken.None);
                var changed = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None);
                Changes += changed.GetProperty("count").GetInt32();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private (string What, object Order) Next() => random.Next(100) switch
    {
        < 70 => ("edit", new { }),
        < 74 => ("edit", new { count = 10 }),
        < 86 => ("create", new { }),
        < 94 => ("delete", new { }),
        < 95 => ("purge", new { }),
        < 98 => ("restore", new { announce = "Update", moveModifiedTime = true }),
        // Zoho does not announce these; a full comparison finds them.
        _ => ("restore", new { announce = "None", moveModifiedTime = false }),
    };
}
