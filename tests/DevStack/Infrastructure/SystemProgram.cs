using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>A program of the system's that single tests need, installed where that is possible without asking.</summary>
public static class SystemProgram
{
    /// <param name="name">Of the program and of its package.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="DevStackException">It is not there, and cannot be installed here.</exception>
    public static async Task<string> FindAsync(string name, Action<string> report)
    {
        if (Executable.Find(name, "/usr/sbin") is { } present)
            return present;

        await DebianPackages.InstallAsync([name], report, $"This test needs {name}: install it (on Debian as root: apt-get install {name}).");
        return Executable.Find(name, "/usr/sbin") ?? throw new DevStackException($"{name} was installed and is not found.");
    }
}
