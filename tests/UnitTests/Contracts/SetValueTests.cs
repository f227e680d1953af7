using LeadSync.Contracts;

namespace LeadSync.UnitTests.Contracts;

public sealed class SetValueTests
{
    private static readonly LeadField Colours = new(
        "Colours", FieldType.Set, ["Blue", "Red", "Red, dark", "Yes, please, soon", "Etc,", "bl"])
    {
        Spellings = new Dictionary<string, string?> { ["bl"] = "Blue" },
    };

    [Theory]
    [InlineData("Red;Blue", "Blue;Red")]
    [InlineData("Red,Blue", "Blue;Red")]
    [InlineData(" Red ; Blue ;", "Blue;Red")]
    [InlineData("Red, bl", "Blue;Red")]
    [InlineData("-None-", null)]
    [InlineData("Red,-None-,", "Red")]
    [InlineData("Red, dark", "Red, dark")]
    [InlineData("Blue,Red, dark,Red", "Blue;Red;Red, dark")]
    [InlineData("Yes, please, soon,Blue", "Blue;Yes, please, soon")]
    [InlineData("Blue,Etc,", "Blue;Etc,")]
    public void a_choice_with_a_comma_stays_whole_and_either_separator_is_understood(string cell, string? set)
    {
        SetValue.TryCell(Colours, cell, out var canonical).ShouldBeTrue();
        canonical.ShouldBe(set);
    }

    [Theory]
    [InlineData("Unlisted,Blue")]
    [InlineData("Blue|Red")]
    [InlineData("A,B,C")]
    public void a_cell_that_can_be_read_in_two_ways_or_in_none_is_unknown(string cell) =>
        SetValue.TryCell(Colours with { Choices = [.. Colours.Choices!, "A", "A,B", "B,C", "C"] }, cell, out _).ShouldBeFalse();

    [Fact]
    public void a_tag_with_a_comma_is_split_in_json_and_in_a_cell()
    {
        var tags = new LeadField("Tag", FieldType.Set);

        SetValue.TryCell(tags, "vip,hot", out var cell).ShouldBeTrue();
        cell.ShouldBe("hot;vip");
        SetValue.Of(tags, ["vip,hot", "hot"]).ShouldBe("hot;vip");
        SetValue.Of(tags with { Choices = [] }, ["vip,hot"]).ShouldBe("hot;vip");
    }

    [Fact]
    public void members_are_distinct_sorted_and_shown() =>
        SetValue.Of(Colours, ["Red", " bl", "Blue", "-None-", "", "Gone, long ago"]).ShouldBe("Blue;Gone, long ago;Red");
}
