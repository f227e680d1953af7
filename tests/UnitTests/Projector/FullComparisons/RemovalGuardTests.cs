using LeadSync.Projector.FullComparisons;

namespace LeadSync.UnitTests.Projector.FullComparisons;

public sealed class RemovalGuardTests
{
    [Theory]
    [InlineData(1000, 50, 0.05, false)]
    [InlineData(1000, 51, 0.05, true)]
    [InlineData(1000, 1000, 1, false)]
    [InlineData(1000, 11, 0, true)]
    [InlineData(20, 10, 0.05, false)]
    [InlineData(20, 11, 0.05, true)]
    public void more_than_a_share_is_held_back_unless_it_is_a_handful(int living, int missing, double maximumShare, bool heldBack) =>
        RemovalGuard.HoldsBack(living, missing, maximumShare).ShouldBe(heldBack);
}
