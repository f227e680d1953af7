using LeadSync.UnitTests.Documentation;

namespace LeadSync.UnitTests.HouseStyle;

/// <summary>Whoever has found a class finds its tests in the folder of the same name.</summary>
public sealed class FolderTests
{
    private const string Tests = "tests/UnitTests/";
    private const string Sources = "services/";

    [Theory, InlineData("Cli"), InlineData("Gateway"), InlineData("Projector"), InlineData("Scheduler"), InlineData("ServiceDefaults")]
    public void tests_are_in_the_folder_of_what_they_test(string service)
    {
        var folders = Documents.Below(Sources + service, "*.cs").ToLookup(Path.GetFileNameWithoutExtension, file => Folder(file, Sources));

        (from file in Documents.Below(Tests + service, "*Tests.cs")
         let tested = Path.GetFileName(file)[..^"Tests.cs".Length]
         where folders.Contains(tested) && !folders[tested].Contains(Folder(file, Tests))
         select $"{file} tests {Sources}{folders[tested].First()}/{tested}.cs").ShouldBeEmpty("Move the tests");
    }

    private static string Folder(string file, string root) => Path.GetDirectoryName(file)![root.Length..];
}
