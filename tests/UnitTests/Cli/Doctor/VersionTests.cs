using System.Text.Json;
using LeadSync.Cli.Doctor;

namespace LeadSync.UnitTests.Cli.Doctor;

/// <summary>Which servers are too old. No test runs against such a server, so these tests check the rule alone.</summary>
public sealed class VersionTests
{
    [Theory]
    [InlineData("3.7.28", "LS203")]
    [InlineData("3.9.29", "LS203")]
    [InlineData("3.10.0", null)]
    [InlineData("3.13.7-rc.1", null)]
    [InlineData("4.1.0+2.g1234", null)]
    [InlineData("", null)]
    public void a_rabbitmq_before_3_10_is_too_old(string version, string? code)
    {
        var findings = new Findings();
        RabbitMqChecks.JudgeVersion(version, findings);
        (findings.All.SingleOrDefault(finding => finding.IsWrong)?.Diagnosis.Code).ShouldBe(code);
    }

    [Theory]
    [InlineData(1, 1, 1, null)]
    [InlineData(3, 3, 3, null)]
    [InlineData(5, 3, 3, null)]
    [InlineData(0, 1, 1, null)]
    [InlineData(3, 1, 1, "LS207")]
    [InlineData(3, 3, 2, "LS207")]
    public void a_queue_needs_a_member_on_every_node_up_to_three(int nodes, int members, int online, string? code)
    {
        var findings = new Findings();
        var queues = JsonSerializer.SerializeToElement(new object[]
        {
            new { name = "scheduler", members = Enumerable.Range(0, members), online = Enumerable.Range(0, online) },
            new { name = "leadsync-doctor" },
        });

        RabbitMqChecks.JudgeMembers(queues, nodes, findings);

        (findings.All.SingleOrDefault(finding => finding.IsWrong)?.Diagnosis.Code).ShouldBe(code);
        findings.All.Single().Outcome.ShouldBe(code is not null ? Outcome.Warning : nodes == 0 ? Outcome.Skipped : Outcome.Ok);
    }

    [Theory]
    [InlineData(13, "LS303")]
    [InlineData(14, "LS303")]
    [InlineData(15, null)]
    [InlineData(18, null)]
    public void a_postgresql_before_15_is_too_old(int major, string? code)
    {
        var findings = new Findings();
        PostgresChecks.JudgeVersion(new Version(major, 4), findings);
        (findings.All.SingleOrDefault(finding => finding.IsWrong)?.Diagnosis.Code).ShouldBe(code);
    }
}
