using LeadSync.DevStack;
using LeadSync.DevStack.TestRun;
using LeadSync.DevStack.Up;

return await Commands.RunAsync(args, UpCommand.Create(), TestCommand.Create());
