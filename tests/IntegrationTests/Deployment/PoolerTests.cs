using System.Diagnostics;
using LeadSync.DevStack;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Cli;
using LeadSync.TestSupport;
using LeadSync.TestSupport.Network;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>PgBouncer between the services and the database, with its defaults.</summary>
public sealed class PoolerTests(OwnServers own, SharedServers shared) : IClassFixture<OwnServers>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_pool_in_transaction_mode_is_refused_in_one_sentence_by_services_and_doctor()
    {
        await using var pooler = await Pooler("transaction");

        var gateway = await Migrate("Gateway", pooler.Postgres);

        gateway.ExitCode.ShouldBe(2);
        gateway.Error.Trim().Split('\n').Length.ShouldBe(1);
        gateway.Error.ShouldStartWith("ConnectionStrings__Postgres leads to a connection pooler in transaction mode");
        (await Doctor(pooler.Postgres)).ShouldBe("failed");
    }

    [Fact]
    public async Task a_pool_in_session_mode_works()
    {
        await using var pooler = await Pooler("session");

        (await Migrate("Projector", pooler.Postgres)).ShouldSatisfyAllConditions(ended => ended.ExitCode.ShouldBe(0, ended.Error));
        (await Doctor(pooler.Postgres)).ShouldBe("ok");
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_whole_sync_works_through_a_pool_in_session_mode()
    {
        await using var pooler = await Pooler("session");
        await using var services = await ServiceProcesses.StartAsync(
            new(pooler.Postgres, own.RabbitMq) { Leads = 300 }, shared.Run, Stop);
        var here = services.Environment.Append(new("LEADSYNC_URL", $"{services.Scheduler.Address}")).ToDictionary();

        (await CommandLine.Run(here, "status", "--wait")).ExitCode.ShouldBe(0);
        await CustomersNetworkTests.ShouldShowANewLead(services, own.Postgres);
        (await CommandLine.Run(here, "rebuild", "--wait"))
            .ShouldSatisfyAllConditions(rebuilt => rebuilt.ExitCode.ShouldBe(0, rebuilt.Error));
        (await CommandLine.Run(here, "parked", "list", "--json")).Output.ShouldNotContain("\"id\"");
    }

    private static Task<ProgramResult> Migrate(string service, string postgres)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Assembly(service), "migrate"]);
        start.Environment["ConnectionStrings__Postgres"] = postgres;
        return ProgramResult.RunAsync(start, Stop);
    }

    /// <returns>The outcome of the doctor's check of sessions.</returns>
    private static async Task<string?> Doctor(string postgres)
    {
        var settings = new Dictionary<string, string> { ["ConnectionStrings__Postgres"] = postgres };
        var result = await CommandLine.Run(settings, "doctor", "--before-start", "--json");
        return result.Json.GetProperty("findings").EnumerateArray()
            .Single(finding => finding.GetProperty("code").GetString() == "LS308").GetProperty("outcome").GetString();
    }

    private async Task<RunningPooler> Pooler(string mode)
    {
        var program = await SystemProgram.FindAsync("pgbouncer", Console.WriteLine);
        Assert.SkipWhen(program is null, "needs pgbouncer: apt-get install pgbouncer");
        return await RunningPooler.StartAsync(program, mode, own.Postgres, shared.Run);
    }

    private sealed class RunningPooler(ChildProcess process, string postgres) : IAsyncDisposable
    {
        public string Postgres { get; } = postgres;

        public static async Task<RunningPooler> StartAsync(string program, string mode, string postgres, RunDirectory run)
        {
            var (server, port) = (new NpgsqlConnectionStringBuilder(postgres), FreePort.Take());
            var file = Path.Combine(run.Temporary, $"pgbouncer-{mode}.ini");
            await File.WriteAllTextAsync(file, $"""
                [databases]
                * = host={server.Host} port={server.Port} user={server.Username} password={server.Password}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {port}
                unix_socket_dir =
                auth_type = any
                pool_mode = {mode}
                """, Stop);
            // PgBouncer refuses to run as root.
            string[] arguments = Environment.IsPrivilegedProcess ? ["-q", "-u", "nobody", file] : ["-q", file];
            var process = ChildProcess.Start($"pgbouncer-{mode}", new(program, arguments), run);
            await process.WaitUntilReadyAsync(
                async stop => await FreePort.AnswersAsync(port, stop) ? null : "it does not listen", Patience, Stop);
            (server.Host, server.Port, server.Options) = ("127.0.0.1", port, null);
            return new(process, server.ConnectionString);
        }

        public async ValueTask DisposeAsync() => await process.DisposeAsync();
    }
}
