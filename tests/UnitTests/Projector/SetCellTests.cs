using System.Text;
using LeadSync.Projector.BulkPages;

namespace LeadSync.UnitTests.Projector;

public sealed class SetCellTests
{
    private static readonly string[] Choices = ["Blue", "Red", "Red, dark", "Yes, please, soon"];

    [Theory]
    [InlineData("Red;Blue", "Blue;Red")]
    [InlineData("Red,Blue", "Blue;Red")]
    [InlineData("Red, Blue", "Blue;Red")]
    [InlineData("Red, dark", "Red, dark")]
    [InlineData("Blue,Red, dark,Red", "Blue;Red;Red, dark")]
    [InlineData("Yes, please, soon,Blue", "Blue;Yes, please, soon")]
    [InlineData("Unlisted,Blue", "Blue;Unlisted")]
    public void a_choice_with_a_comma_stays_whole_and_either_separator_is_understood(string cell, string canonical) =>
        Encoding.UTF8.GetString(SetCell.Canonical(Encoding.UTF8.GetBytes(cell), Choices)).ShouldBe(canonical);

    [Fact]
    public void tags_come_with_commas() =>
        Encoding.UTF8.GetString(SetCell.Canonical("vip,hot"u8, null)).ShouldBe("hot;vip");
}
