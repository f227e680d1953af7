using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Sync;

namespace LeadSync.UnitTests.Cli.Sync;

/// <summary>Commands find a sync that runs in this repository by its file.</summary>
public sealed class RunningHereTests : IDisposable
{
    private readonly DirectoryInfo runs = Directory.CreateTempSubdirectory("leadsync-");

    public void Dispose() => runs.Delete(recursive: true);

    [Fact]
    public void a_file_that_is_half_written_is_passed_over()
    {
        Note(Environment.ProcessId, """{ "scheduler": "http://127.0.0.1:1/", "settings": {} }""");
        Note(1, """{ "scheduler": "http://""");

        (RunningHere.Among(runs)?.Scheduler).ShouldBe(new Uri("http://127.0.0.1:1/"));
    }

    [Fact]
    public void a_sync_of_another_user_is_said_in_a_sentence()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read every file");
        var note = Note(Environment.ProcessId, "{}");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(note, UnixFileMode.None);

        Should.Throw<CommandException>(() => RunningHere.Among(runs)).Message.ShouldContain("--url");
    }

    private string Note(int process, string text)
    {
        var note = Path.Combine(runs.CreateSubdirectory($"{process}-1").FullName, "services.json");
        File.WriteAllText(note, text);
        return note;
    }
}
