using LeadSync.Cli.Doctor;

namespace LeadSync.UnitTests.Cli;

public sealed class ListenersTests
{
    [Theory]
    [InlineData("https://sync.example.org", false, "LS156")]
    [InlineData("https://sync.example.org", true, null)]
    [InlineData("http://gateway:8080", false, "LS156")]
    [InlineData("http://127.0.0.1:8080", false, null)]
    [InlineData("http://localhost:8080", false, null)]
    public void the_paths_that_only_the_projector_calls_must_not_be_public(string publicUrl, bool areSeparate, string? code)
    {
        var findings = new Findings();

        ServiceChecks.JudgeListeners(new Uri(publicUrl), areSeparate, findings);

        (findings.All.SingleOrDefault(finding => finding.IsWrong)?.Diagnosis.Code).ShouldBe(code);
    }
}
