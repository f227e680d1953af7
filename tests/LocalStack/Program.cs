using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using LeadSync.LocalStack;
using LeadSync.LocalStack.Chaos;
using LeadSync.LocalStack.Processes;
using LeadSync.LocalStack.TestRun;
using LeadSync.LocalStack.Up;
using Npgsql;

// Whoever starts this in the background of a script has it ignore Ctrl-C's signal, and .NET would leave it at that.
HandleByDefault((int)Signal.Interrupt, 0);
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

var root = new Command("./leadsync") { new HelpOption(), UpCommand.Create(), TestCommand.Create(), ChaosCommand.Create() };
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
catch (LocalStackException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (Exception e) when (e is NpgsqlException or HttpRequestException)
{
    await Console.Error.WriteLineAsync($"{e.Message}\nThe logs in .leadsync/logs say more.");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

[DllImport("libc", EntryPoint = "signal")]
[DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
static extern nint HandleByDefault(int signal, nint handler);
