using System.Net;
using LeadSync.Cli.Doctor;

namespace LeadSync.UnitTests.Cli.Doctor;

public sealed class ListenersTests
{
    [Theory]
    [InlineData("https://sync.example.org", false, "LS156")]
    [InlineData("https://sync.example.org", true, null)]
    [InlineData("http://gateway:8080", false, "LS156")]
    [InlineData("http://127.0.0.1:8080", false, "LS156")]
    [InlineData("http://127.0.0.1:8080", true, null)]
    public void the_paths_that_only_the_projector_calls_must_not_be_public(string publicUrl, bool areSeparate, string? code)
    {
        var findings = new Findings();

        ServiceChecks.JudgeListeners(new Uri(publicUrl), areSeparate, findings);

        (findings.All.SingleOrDefault(finding => finding.IsWrong)?.Diagnosis.Code).ShouldBe(code);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, null)]
    [InlineData(HttpStatusCode.ServiceUnavailable, null)]
    [InlineData(HttpStatusCode.NotFound, "it is no gateway")]
    [InlineData(HttpStatusCode.MisdirectedRequest, "Access__Hosts")]
    [InlineData(HttpStatusCode.Forbidden, "something in front of the gateway")]
    public void the_internal_address_must_let_the_projector_in(HttpStatusCode status, string? trouble)
    {
        var findings = new Findings();

        ServiceChecks.JudgeGateway(new Uri("http://gateway:8081"), status, findings);

        var finding = findings.All.ShouldHaveSingleItem();
        (finding.Diagnosis.Code, finding.IsWrong).ShouldBe(("LS155", trouble is not null));
        finding.Detail.ShouldContain(trouble ?? "answers");
    }
}
