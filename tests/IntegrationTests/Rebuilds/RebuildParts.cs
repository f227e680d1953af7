using LeadSync.Contracts;
using LeadSync.IntegrationTests.Projector;
using LeadSync.Projector.Rebuilds;
using Npgsql;

namespace LeadSync.IntegrationTests.Rebuilds;

/// <summary>A view with traffic, and rebuilds of it within the test's process.</summary>
public sealed class RebuildParts : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);
    private static readonly string[] Phases = ["starting", "folding", "indexing", "comparing", "waiting for readers"];
    private static int rebuilds;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public RebuildParts(SharedServers shared)
        : this(new ProjectorParts(shared))
    {
    }

    internal RebuildParts(ProjectorParts projector) => Projector = projector;

    public ProjectorParts Projector { get; }

    public ValueTask InitializeAsync() => Projector.InitializeAsync();

    public ValueTask DisposeAsync() => Projector.DisposeAsync();

    /// <summary>Random observations of a few hundred leads, in random order, each with any fields empty.</summary>
    public async Task Traffic(int seed, int rounds, Func<bool>? isOver = null)
    {
        var random = new Random(seed);
        for (var round = 0; round < rounds && isOver?.Invoke() is not true; round++)
        {
            await Projector.Fold([.. Enumerable.Range(0, 20).Select(_ =>
            {
                var id = $"{4150868000000 + random.Next(300)}";
                return random.Next(4) == 0
                    ? Gone(id, random.Next(1000)) with
                    {
                        DeletedAt = random.Next(2) == 0 ? null : Start.AddSeconds(random.Next(1000)),
                        ObservedAt = Start.AddTicks(random.NextInt64(10_000_000_000))
                    }
                    : Seen(
                        id, random.Next(1000), random.Next(1000), $"n{random.Next(50)}",
                        random.Next(3) == 0 ? null : $"{random.Next(100)}.50");
            })]);
        }
    }

    internal async Task<ViewRebuilt> Rebuild(bool undo = false, DateTime? asOf = null) => (await Projector.Rebuild.Run(
        new RebuildView(new Guid(Interlocked.Increment(ref rebuilds), 0, 0, new byte[8]), undo, asOf),
        new RebuildProgress(TimeProvider.System), Stop))!;

    public Task<string> Rows() => Projector.Value<string>("""
        select md5((select coalesce(string_agg(l::text, '|' order by id), '') from legacy.leads l)
            || (select coalesce(string_agg(d::text, '|' order by id), '') from legacy.deleted_leads d))
        """);

    public Task<string> Version() =>
        Projector.Value<string>("select inhrelid::regclass::text from pg_inherits where inhparent = 'legacy.leads'::regclass");

    public async Task<string?> Name(string id) =>
        (string?)(await Projector.Row("select last_name from legacy.leads where id = $1", id))?[0];

    internal Task<string> Listed(ViewRebuilt rebuilt) => Projector.Value<string>("""
        select coalesce(
            string_agg(concat_ws(' ', relation, id, difference, coalesce(columns::text, '')), '|' order by relation desc, id), '')
        from projector.rebuild_differences where rebuild_id = $1
        """, rebuilt.RebuildId);

    public async Task Execute(params string[] statements)
    {
        await using var connection = await Projector.Database.OpenConnectionAsync(Stop);
        foreach (var statement in statements)
            await Execute(connection, statement);
    }

    public static async Task Execute(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    /// <summary>Waits until the latest rebuild has reached a phase.</summary>
    public async Task Reaches(string phase)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await Projector.Value<bool>("""
            select not exists (
                select from projector.rebuilds
                where finished_at is null and array_position($1, phase) >= array_position($1, $2)
                    and started_at = (select max(started_at) from projector.rebuilds))
            """, Phases, phase))
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromMinutes(3));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Stop);
        }
    }

    internal static LeadChanged Seen(string id, int modified, int observed, string name, string? revenue = "1.5") => new(
        id, Source.Notification, Start.AddSeconds(observed),
        new LeadContent(Start.AddSeconds(modified), ProjectorParts.FieldSet, new Dictionary<string, string?>
        {
            ["Last_Name"] = name,
            ["Annual_Revenue"] = revenue,
            ["Colors"] = null,
            ["Converted__s"] = "false",
            ["Last_Activity_Time"] = "2026-08-15T14:00:00Z",
            ["No_of_Employees"] = "7",
        }));

    internal static LeadChanged Gone(string id, int observed) =>
        new(id, Source.CatchUp, Start.AddSeconds(observed), null, Start.AddSeconds(observed));
}
