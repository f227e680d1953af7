namespace LeadSync.DevStack;

/// <summary>Paths in the repository that this program was built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A directory to write to, which git and the services ignore.</summary>
    public static string Ignored => Path.Combine(Root, ".leadsync");

    /// <summary>The assembly of another project from the same build.</summary>
    /// <param name="project">The project's name, for instance <c>Gateway</c>.</param>
    public static string Assembly(string project) =>
        Path.Combine(Root, "artifacts", "bin", project, Configuration, $"LeadSync.{project}.dll");

    // artifacts/bin/<project>/<configuration>/
    private static string Configuration => Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "LeadSync.sln")))
            directory = directory.Parent;
        return directory?.FullName
            ?? throw new DevStackException("This program belongs into the artifacts folder of its repository: build it there.");
    }
}
