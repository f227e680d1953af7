using LeadSync.DevStack.TestRun;

namespace LeadSync.DevStack.Tests.TestRun;

public sealed class TestSessionTests
{
    [Fact]
    public void the_last_line_is_the_sum_whatever_went_wrong() =>
        TestSession.Conclusion("The build failed.", ["UnitTests", "IntegrationTests"], "0:42", TestCounts.None).ShouldBe("""

            The build failed.

            Not run, or not to the end: UnitTests, IntegrationTests

            0:42 in all

            0 passed, 0 failed, 0 skipped
            """);

    [Fact]
    public void a_run_without_trouble_ends_with_its_sum() =>
        TestSession.Conclusion("", [], "7:03", new(9, 0, 1)).ShouldBe("\n7:03 in all\n\n9 passed, 0 failed, 1 skipped");
}
