using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.Chaos.Stage;
using LeadSync.TestSupport;
using LeadSync.TestSupport.Network;
using Npgsql;

namespace LeadSync.Chaos.Faults;

/// <summary>What a fault needs to strike.</summary>
/// <param name="random">Random numbers of this strike, from the seed and its place in the schedule, so that they do not
/// depend on earlier strikes.</param>
internal sealed class Strike(Stack stack, ChaosOptions options, Random random, CancellationToken stop)
{
    // Three times the interval of the rarest step, the renewal of the channel. A slow machine needs some of it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // A step passes quickly, so the strike has to notice it soon.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    public Stack Stack => stack;

    public ChaosOptions Options => options;

    public Random Random => random;

    public CancellationToken Stop => stop;

    /// <summary>Waits for a random time.</summary>
    public Task WaitAsync(double fromSeconds, double toSeconds) =>
        WaitAsync(TimeSpan.FromSeconds(fromSeconds + (random.NextDouble() * (toSeconds - fromSeconds))));

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, stop);

    /// <summary>Waits until data arrives at a closed gate. False when none does.</summary>
    public Task<bool> CaughtAsync(Gate gate) => HappensAsync(() => Task.FromResult(gate.HasCaught));

    /// <summary>Waits until a condition holds. False when it does not hold in time.</summary>
    public Task<bool> HappensAsync(Func<Task<bool>> condition) => Wait.HappensAsync(condition, Patience, stop, BetweenLooks);

    public async Task OrderAsync(string path)
    {
        using var answer = await stack.Scheduler.PostAsync(path, null, stop);
        answer.EnsureSuccessStatusCode();
    }

    public async Task TurnDialsAsync(object dials)
    {
        using var answer = await stack.Simulator.Http.PutAsJsonAsync("control/dials", dials, JsonSerializerOptions.Default, stop);
        answer.EnsureSuccessStatusCode();
    }

    public async Task ChangeLeadsAsync(string what, object order)
    {
        using var answer = await stack.Simulator.Http.PostAsJsonAsync($"control/leads/{what}", order, JsonSerializerOptions.Default, stop);
        answer.EnsureSuccessStatusCode();
    }

    public Task<JsonElement> StatisticsAsync() => stack.Simulator.Http.GetFromJsonAsync<JsonElement>("control/statistics", stop);

    public Task<JsonElement> StatusAsync() => stack.Scheduler.GetFromJsonAsync<JsonElement>("status", stop);

    public async Task<long> CountAsync(string sql)
    {
        await using var command = stack.Database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(stop), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task<NpgsqlConnection> OpenDatabaseAsync() => await stack.Database.OpenConnectionAsync(stop);
}
