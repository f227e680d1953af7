using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using LeadSync.LocalStack;
using LeadSync.LocalStack.TestRun;
using LeadSync.LocalStack.Up;
using Npgsql;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

var root = new Command("./leadsync") { new HelpOption(), UpCommand.Create(), TestCommand.Create() };
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
