using System.Text.Json;
using LeadSync.DevStack.Processes;
using LeadSync.DevStack.Services;

namespace LeadSync.DevStack.Up;

/// <summary>A file in the run's directory, by which <c>./leadsync status</c> in another terminal finds the services.</summary>
internal static class RunNote
{
    public static async Task WriteAsync(ServiceProcesses services, RunDirectory run, CancellationToken cancellationToken)
    {
        // The settings contain the passwords of the servers.
#pragma warning disable CA1416 // The whole of it runs on Linux.
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
        };
#pragma warning restore CA1416
        var note = Path.Combine(run.Path, "services.json");
        await using (var file = new FileStream($"{note}.new", options))
        {
            await JsonSerializer.SerializeAsync(
                file,
                new { scheduler = services.Scheduler.Address, settings = services.Environment },
                cancellationToken: cancellationToken);
        }

        // Nobody reads half of it.
        File.Move($"{note}.new", note);
    }
}
