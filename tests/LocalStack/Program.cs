using LeadSync.LocalStack;
using LeadSync.LocalStack.Chaos;
using LeadSync.LocalStack.TestRun;
using LeadSync.LocalStack.Up;

return await Commands.RunAsync(args, UpCommand.Create(), TestCommand.Create(), ChaosCommand.Create());
