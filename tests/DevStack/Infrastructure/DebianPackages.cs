using LeadSync.TestSupport;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>Installs servers where that is possible without asking: as root on Debian and distributions that are based on it.</summary>
internal static class DebianPackages
{
    // Debian starts a service as soon as it is installed, unless policy-rc.d forbids it.
    private const string Install =
        """
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
          trap 'rm -f "$policy"' EXIT
          trap 'exit 130' INT TERM HUP
          printf '#!/bin/sh\nexit 101\n' >"$policy"
          chmod 755 "$policy"
        fi
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq -o DPkg::Lock::Timeout=120 update
        apt-get -qq -o DPkg::Lock::Timeout=120 -y --no-install-recommends install "$@"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private static readonly SemaphoreSlim OneAtATime = new(1);

    private static bool CanInstall => File.Exists("/etc/debian_version") && Environment.IsPrivilegedProcess;

    /// <param name="otherwise">A sentence that says what to do where the packages cannot be installed.</param>
    /// <exception cref="MissingProgramException">The packages cannot be installed here; the message says why.</exception>
    public static async Task InstallAsync(IReadOnlyCollection<string> packages, Action<string> report, string otherwise)
    {
        if (!CanInstall)
            throw new MissingProgramException(otherwise);

        report($"Installing {string.Join(" and ", packages)} with apt-get");
        await OneAtATime.WaitAsync(CancellationToken.None);
        try
        {
            // Cannot be cancelled: half-installed packages are worse than some seconds of waiting.
            var apt = await ProgramResult.RunAsync(
                new("/bin/sh", ["-c", Install, "install", .. packages]), CancellationToken.None, Patience);
            if (apt.ExitCode != 0)
                throw new MissingProgramException($"{otherwise} Here, apt-get fails: {LastLine(apt)}");
        }
        catch (TimeoutException)
        {
            throw new MissingProgramException($"{otherwise} Here, apt-get did not end within {Patience.TotalMinutes} minutes.");
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    /// <summary>The last line of what a program said, its errors before its answer.</summary>
    internal static string LastLine(ProgramResult program) =>
        $"{program.Output}\n{program.Error}".Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault($"exit code {program.ExitCode}");
}
