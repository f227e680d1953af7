using LeadSync.DevStack.Infrastructure;

namespace LeadSync.DevStack.Tests;

public sealed class CommandsTests
{
    [Fact]
    public void what_the_machine_does_not_allow_is_said_in_words()
    {
        Commands.Sentence(new UnauthorizedAccessException("Access to '.leadsync' is denied.")).ShouldNotBeNull().ShouldContain("chown");
        Commands.Sentence(new TimeoutException("waited 60 s until it answers")).ShouldNotBeNull().ShouldContain("logs");
        Commands.Sentence(new InvalidOperationException()).ShouldBeNull("a fault of the program shows its stack trace");
    }

    [Fact]
    public void of_a_failed_installation_only_the_last_line_is_shown()
    {
        DebianPackages.LastLine(new(100, "Reading lists\n", "W: old\nE: Unable to locate package npm\n\n"))
            .ShouldBe("E: Unable to locate package npm");
        DebianPackages.LastLine(new(1, "", "")).ShouldBe("exit code 1");
    }
}
