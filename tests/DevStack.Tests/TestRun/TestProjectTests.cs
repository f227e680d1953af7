using LeadSync.DevStack.TestRun;

namespace LeadSync.DevStack.Tests.TestRun;

public sealed class TestProjectTests
{
    [Fact]
    public void the_cheap_projects_run_first_and_the_longest_of_those_that_wait()
    {
        var projects = TestProject.All().ToList();

        projects.First(project => project.IsCheap).Name.ShouldBe("UnitTests");
        projects.First(project => !project.IsCheap).Name.ShouldBe("IntegrationTests");
        projects.Count(project => !project.IsCheap).ShouldBe(2);
    }
}
