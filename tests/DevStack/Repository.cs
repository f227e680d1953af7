namespace LeadSync.DevStack;

/// <summary>Where things are in the repository that this program was built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>What may be written to: ignored by git, and by the services.</summary>
    public static string Ignored => Path.Combine(Root, ".leadsync");

    /// <summary>The assembly of another project, as it was built together with this program.</summary>
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
