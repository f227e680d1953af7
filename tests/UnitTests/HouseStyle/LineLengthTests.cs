using LeadSync.UnitTests.Documentation;

namespace LeadSync.UnitTests.HouseStyle;

/// <summary>Two files fit side by side on a screen. Neither <c>dotnet format</c> nor an analyzer breaks long lines.</summary>
public sealed class LineLengthTests
{
    private const int Columns = 140;

    [Theory]
    [InlineData("*.cs"), InlineData("*.js"), InlineData("*.mjs"), InlineData("*.css"), InlineData("*.html"), InlineData("*.sql")]
    public void no_line_is_longer_than_140_columns(string pattern)
    {
        var tooLong =
            from file in Documents.Below("", pattern)
            from line in File.ReadLines(Path.Combine(Documents.Root, file)).Index()
            let columns = line.Item.EnumerateRunes().Count()
            where columns > Columns
            select $"{file}:{line.Index + 1} has {columns} columns";

        tooLong.ShouldBeEmpty("Break these lines where their meaning breaks: SQL before a clause, prose after a sentence");
    }
}
