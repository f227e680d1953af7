using LeadSync.LocalStack.Infrastructure;
using LeadSync.LocalStack.Processes;
using System.Diagnostics;

await using var run = await RunDirectory.BeginAsync("try");
var s = Stopwatch.StartNew();
await using var i = await LocalInfrastructure.StartAsync(run, true, Console.WriteLine, default);
Console.WriteLine($"{s.Elapsed} {i.Postgres.ConnectionString} {i.RabbitMq.Management}");
Console.ReadLine();
s.Restart();
return 0;
