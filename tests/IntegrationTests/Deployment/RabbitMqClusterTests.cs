using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.Cli.Doctor;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;
using LeadSync.TestSupport.Network;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>A RabbitMQ cluster that raises alarms, and whose other nodes join after the services have started.</summary>
public sealed class RabbitMqClusterTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task an_alarm_and_a_rolling_restart_of_a_cluster_that_grew_lose_nothing()
    {
        Assert.SkipUnless(RabbitMqNode.IsInstalled, "needs RabbitMQ on this machine");
        await using var own = new OwnServers(shared);
        await own.InitializeAsync();
        await using var first = new RabbitMqNode(shared.Run, "cluster-1");
        await using var second = new RabbitMqNode(shared.Run, "cluster-2", first);
        await using var third = new RabbitMqNode(shared.Run, "cluster-3", first);
        await first.StartAsync(Stop);
        // One address for the whole cluster, as in Kubernetes.
        await using var address = new TcpProxy(first.Port, second.Port, third.Port);
        await using var database = NpgsqlDataSource.Create(own.Postgres);
        await using var services = await ServiceProcesses.StartAsync(
            new(own.Postgres, new UriBuilder(first.Address) { Port = address.Port }.Uri) { Leads = 300 }, shared.Run, Stop);
        await RunningSync.Until("the sync has read every lead", async () =>
            await Value("select phase from legacy.sync_status") is "in sync");

        await first.ControlAsync("rabbitmqctl", ["set_vm_memory_high_watermark", "0.000001"], Stop);
        await Create("alarm");
        await RunningSync.Until("Zoho is answered 503", async () =>
            (await services.Gateway.Http.GetStringAsync("/metrics", Stop)).Contains("status=\"503\"", StringComparison.Ordinal));
        await first.ControlAsync("rabbitmqctl", ["set_vm_memory_high_watermark", "0.4"], Stop);
        await RunningSync.Until("the leads of the alarm are in the view", async () => await Created("alarm") is 20L);
        (await Value("select count(*) > 0 from scheduler.mt_events where type = 'gap_detected' and data ->> 'Kind' = 'Refused'"))
            .ShouldBe(true);

        await second.StartAsync(Stop);
        await third.StartAsync(Stop);
        await RunningSync.Until("the doctor misses members of the queues", async () => await Members() is "LS207");
        foreach (var node in (RabbitMqNode[])[second, third])
            await first.ControlAsync("rabbitmq-queues", ["grow", node.Name, "all"], Stop);
        await RunningSync.Until("the doctor misses no members", async () => await Members() is null);

        foreach (var node in (RabbitMqNode[])[second, third, first])
        {
            await node.Process.KillAsync();
            await Create(node.Name);
            await node.Process.StartAsync(Stop);
            await RunningSync.Until("all members are online again", async () => await Members() is null);
            await RunningSync.Until("the leads of the restart are in the view", async () => await Created(node.Name) is 20L);
        }

        (await Value("select count(*) from parking.parked")).ShouldBe(0L);

        async Task Create(string city)
        {
            var order = new { count = 20, values = new { City = city } };
            using var answer = await services.Simulator.Http.PostAsJsonAsync(
                "/control/leads/create", order, JsonSerializerOptions.Default, Stop);
            answer.EnsureSuccessStatusCode();
        }

        Task<object?> Created(string city) => Value($"select count(*) from legacy.leads where city = '{city}'");

        async Task<object?> Value(string sql)
        {
            await using var command = database.CreateCommand(sql);
            return await command.ExecuteScalarAsync(Stop);
        }

        // The doctor asks the management API at its default port, and the test's server uses another.
        async Task<string?> Members()
        {
            using var api = new RabbitMqManagement(first.Management);
            var findings = new Findings();
            RabbitMqChecks.JudgeMembers(
                await api.GetAsync("api/queues?disable_stats=true&enable_queue_totals=true", Stop),
                (await api.GetAsync("api/nodes", Stop)).GetArrayLength(),
                findings);
            return findings.All.SingleOrDefault(finding => finding.IsWrong)?.Diagnosis.Code;
        }
    }
}
