using LeadSync.Cli.CommandLine;

namespace LeadSync.UnitTests.Cli.CommandLine;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--version")]
    [InlineData("status --version")]
    [InlineData("alerts ack --version")]
    public async Task every_command_says_the_version(string arguments)
    {
        var (exitCode, output, error) = await Run(arguments);

        (exitCode, error).ShouldBe((0, ""));
        output.ShouldStartWith("leadsync ");
    }

    [Theory]
    [InlineData("catch-up --wait --timeout 60d")]
    [InlineData("catch-up --wait --timeout 99999999d")]
    [InlineData("status --timeout -00:10:00")]
    public async Task a_timeout_that_is_too_long_is_refused_with_a_sentence(string arguments)
    {
        var (exitCode, _, error) = await Run(arguments);

        exitCode.ShouldBe(2);
        error.ShouldStartWith("--timeout takes a time of 30 days at most, for example ");
    }

    [Fact]
    public async Task a_log_since_before_the_first_sync_is_the_whole_log() =>
        (await Run("log --since 800000d --url http://127.0.0.1:1")).ExitCode.ShouldBe(3, "nobody listens there");

    private static async Task<(int ExitCode, string Output, string Error)> Run(string arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await LeadSyncCommand.Run(arguments.Split(' '), Terminal.Kept(new Dictionary<string, string>(), output, error),
            TestContext.Current.CancellationToken);
        return (exitCode, $"{output}", $"{error}");
    }
}
