using LeadSync.Projector.BulkPages;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.Projector.BulkPages;

public sealed class MissingFilesTests
{
    private readonly FakeTimeProvider time = new();
    private readonly MissingFiles missing;

    public MissingFilesTests() => missing = new(time);

    [Fact]
    public void a_file_is_lost_when_it_was_missing_for_twenty_seconds()
    {
        missing.IsLost("77").ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(19));
        missing.IsLost("77").ShouldBeFalse();
        missing.IsLost("78").ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        missing.IsLost("77").ShouldBeTrue();
        missing.IsLost("78").ShouldBeFalse();
    }

    [Fact]
    public void a_file_that_arrived_late_is_not_lost()
    {
        missing.IsLost("77").ShouldBeFalse();
        missing.Found("77");
        time.Advance(TimeSpan.FromSeconds(30));

        missing.IsLost("77").ShouldBeFalse();
    }
}
