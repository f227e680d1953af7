using LeadSync.Benchmarks;
using LeadSync.Benchmarks.Floors;
using LeadSync.DevStack;

if (await FloorHost.RunAsync())
    return 0;

if (args is ["inner", .. var options])
{
    BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(BenchCommand).Assembly).Run(options);
    return 0;
}

return await Commands.RunAsync(args, BenchCommand.Create());
