using LeadSync.Cli.CommandLine;

namespace LeadSync.UnitTests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--version")]
    [InlineData("status --version")]
    [InlineData("alerts ack --version")]
    public async Task every_command_says_the_version(string arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var exitCode = await LeadSyncCommand.Run(arguments.Split(' '), Terminal.Kept(new Dictionary<string, string>(), output, error),
            TestContext.Current.CancellationToken);

        (exitCode, error.ToString()).ShouldBe((0, ""));
        output.ToString().ShouldStartWith("leadsync ");
    }
}
