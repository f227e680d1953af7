using System.Runtime.CompilerServices;

namespace LeadSync.UnitTests.Documentation;

/// <summary>The repository's files.</summary>
internal static class Documents
{
    private static readonly string[] NotRead = ["artifacts", "bin", "obj", "node_modules", ".git", ".leadsync"];

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Paths of the files below a folder, relative to the root.</summary>
    public static IEnumerable<string> Below(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split('/').Any(NotRead.Contains));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
