using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>A server program that a few tests need, from the machine or from the Debian package of the same name.</summary>
public static class SystemProgram
{
    /// <returns>The program's path; null when the program is missing and cannot be installed.</returns>
    public static async Task<string?> FindAsync(string name, Action<string> report)
    {
        if (Find(name) is { } present)
            return present;

        try
        {
            await DebianPackages.InstallAsync([name], report, $"Install {name} first.");
        }
        catch (DevStackException e)
        {
            report(e.Message);
        }

        return Find(name);
    }

    private static string? Find(string name) => Executable.Find(name, "/usr/sbin");
}
