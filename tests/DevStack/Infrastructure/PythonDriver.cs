using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>
/// The machine's Python with a driver for PostgreSQL, for the examples of the documentation. The driver is installed where that is
/// possible without asking.
/// </summary>
public static class PythonDriver
{
    private const string Advice =
        "The Python example needs python3 with psycopg: install it (on Debian as root: apt-get install python3-psycopg).";

    /// <returns>The path; null when there is none and it cannot be installed here.</returns>
    public static async Task<string?> FindAsync(Action<string> report)
    {
        // Debian's packages work only with Debian's Python, even if the path has another one first.
        if (Executable.Find("python3", "/usr/bin") is not { } python)
            return null;
        if (await HasDriver(python))
            return python;

        try
        {
            await DebianPackages.InstallAsync(["python3-psycopg"], report, Advice);
        }
        catch (DevStackException)
        {
            return null;
        }

        return await HasDriver(python) ? python : null;
    }

    private static async Task<bool> HasDriver(string python)
    {
        try
        {
            await Executable.RunAsync(new(python, ["-c", "import psycopg"]), CancellationToken.None);
            return true;
        }
        catch (DevStackException)
        {
            return false;
        }
    }
}
