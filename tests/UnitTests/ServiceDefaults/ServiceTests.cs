using LeadSync.ServiceDefaults;

namespace LeadSync.UnitTests.ServiceDefaults;

public sealed class ServiceTests
{
    [Fact]
    public async Task asked_for_its_version_a_service_starts_nothing_and_needs_no_configuration() =>
        (await Service.Run("scheduler", 8082, ["--version"], _ => throw Started(), _ => throw Started(), (_, _) => throw Started()))
            .ShouldBe(0);

    private static InvalidOperationException Started() => new("It was started.");
}
