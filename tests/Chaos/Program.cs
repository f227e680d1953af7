using LeadSync.Chaos;
using LeadSync.DevStack;

return await Commands.RunAsync(args, ChaosCommand.Create());
