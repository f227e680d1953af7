using System.Text.RegularExpressions;
using LeadSync.UnitTests.Documentation;

namespace LeadSync.UnitTests.HouseStyle;

/// <summary>Null, UTC and arrays are treated in one place: <c>ServiceDefaults/Database/Statements.cs</c>.</summary>
public sealed partial class StatementTests
{
    [Fact]
    public void a_statement_gets_its_parameters_in_one_way() =>
        Lines(ByHand()).ShouldBeEmpty("Write instead: command.With(first, second)");

    [Fact]
    public void no_class_has_its_own_way_to_run_a_statement() =>
        Lines(OwnExecute()).ShouldBeEmpty("Write instead: database.Execute(sql, ct, first, second)");

    private static IEnumerable<string> Lines(Regex pattern) =>
        from file in Documents.Below("services", "*.cs")
        where !file.StartsWith("services/ServiceDefaults/Database/", StringComparison.Ordinal)
        from line in File.ReadLines(Path.Combine(Documents.Root, file)).Index()
        where pattern.IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    [GeneratedRegex(@"\.Parameters\.Add|AddWithValue|\bParameters = *(\{|$)")]
    private static partial Regex ByHand();

    [GeneratedRegex(@"\b(private|internal|public) .*\bTask(<int>)? Execute\(")]
    private static partial Regex OwnExecute();
}
