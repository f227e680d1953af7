using LeadSync.DevStack.TestRun;

namespace LeadSync.DevStack.Tests.TestRun;

public sealed class TestProjectTests
{
    [Fact]
    public void the_cheap_projects_run_first_and_the_longest_of_those_that_wait()
    {
        var projects = TestProject.All(isLong: false).ToList();

        projects.First(project => project.IsCheap).Name.ShouldBe("UnitTests");
        projects.First(project => !project.IsCheap).Name.ShouldBe("IntegrationTests");
        projects.Count(project => !project.IsCheap).ShouldBe(2);
    }

    [Fact]
    public void in_the_long_form_every_integration_test_runs_in_one_of_two_parts()
    {
        var parts = TestProject.All(isLong: true).Where(project => project.Project == "IntegrationTests").ToList();

        parts.Select(part => part.Name).ShouldBe(["IntegrationTests", "IntegrationTests.Dials"]);
        parts.Select(part => part.Filter[0]).ShouldBe(["--filter-not-namespace", "--filter-namespace"]);
        parts.Select(part => part.Filter[1]).Distinct().ShouldBe(["LeadSync.IntegrationTests.Dials"]);
    }
}
