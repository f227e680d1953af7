using System.Xml.Linq;
using LeadSync.DevStack.TestRun;
using LeadSync.TestSupport;

namespace LeadSync.DevStack.Tests.TestRun;

public sealed class TestReportTests
{
    private const int SomeFailed = 2;
    private const int NoneFound = 8;
    private const int Aborted = 134;

    private static readonly XDocument Green = Report(
        """
        <assembly passed="2" failed="0" errors="0" skipped="1">
          <test name="A.b" time="0.5"/><test name="A.c" time="1.25"/><test name="A.d" time="0"/>
        </assembly>
        """);

    private static readonly XDocument Empty = Report("""<assembly passed="0" failed="0" errors="0" skipped="0"/>""");

    [Fact]
    public void a_project_is_counted_as_its_report_says()
    {
        var report = TestReport.Read(Green, exitCode: 0, mayRunNone: false);

        report.Counts.ShouldBe(new TestCounts(2, 0, 1));
        report.Counts.AreGreen.ShouldBeTrue();
        report.Failures.ShouldBeEmpty();
        report.Times.MaxBy(time => time.Took).ShouldBe(new TestTime("A.c", TimeSpan.FromSeconds(1.25)));
    }

    [Fact]
    public void what_the_machine_lacks_is_named_and_a_test_of_the_long_form_lacks_nothing()
    {
        var skipped = Report(
            $"""
            <assembly passed="1" failed="0" errors="0" skipped="2">
              <test name="A.b" time="0.5"/>
              <test name="A.c" time="0"><reason>needs nginx: apt-get install nginx</reason></test>
              <test name="A.d" time="0"><reason>{TestForm.OnlyLong}</reason></test>
            </assembly>
            """);

        TestReport.Read(skipped, exitCode: 0, mayRunNone: false).Wants.ShouldBe(["needs nginx: apt-get install nginx"]);
    }

    [Fact]
    public void a_failed_test_is_reported_with_its_name_and_its_reason()
    {
        var failed = Report(
            """
            <assembly passed="1" failed="1" errors="0" skipped="0">
              <test name="A.b" time="0.5"><failure><message>4 should be 5</message><stack-trace>at A.b()</stack-trace></failure></test>
            </assembly>
            """);

        var report = TestReport.Read(failed, SomeFailed, mayRunNone: false);

        report.Counts.ShouldBe(new TestCounts(1, 1, 0));
        report.Failures.ShouldHaveSingleItem().ShouldBe("A.b\n4 should be 5\nat A.b()");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(NoneFound)]
    public void a_project_without_a_test_has_failed_unless_the_run_has_a_filter(int exitCode)
    {
        TestReport.Read(Empty, exitCode, mayRunNone: false).Counts.ShouldBe(new TestCounts(0, 1, 0));
        TestReport.Read(Empty, exitCode, mayRunNone: true).Counts.ShouldBe(TestCounts.None);
    }

    [Fact]
    public void a_program_that_crashes_has_failed_whatever_it_reported_before()
    {
        TestReport.Read(null, Aborted, mayRunNone: false).Counts.ShouldBe(new TestCounts(0, 1, 0));
        TestReport.Read(Green, Aborted, mayRunNone: false).Counts.ShouldBe(new TestCounts(2, 1, 1));
        TestReport.Read(null, Aborted, mayRunNone: true).Counts.Failed.ShouldBe(1);
    }

    [Fact]
    public void a_missing_report_is_a_failure_even_when_the_program_succeeded() =>
        TestReport.Read(null, exitCode: 0, mayRunNone: false).Counts.Failed.ShouldBe(1);

    private static XDocument Report(string assembly) => XDocument.Parse($"<assemblies>{assembly}</assemblies>");
}
