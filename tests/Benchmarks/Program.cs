using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using LeadSync.Benchmarks;
using LeadSync.Benchmarks.Floors;
using LeadSync.LocalStack;

if (await FloorHost.RunAsync())
    return 0;

if (args is ["inner", .. var options])
{
    BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(BenchCommand).Assembly).Run(options);
    return 0;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var root = new Command("./leadsync") { new HelpOption(), BenchCommand.Create() };
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

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
