using LeadSync.Cli.CommandLine;

return await LeadSyncCommand.Run(args, Terminal.OfProcess(), CancellationToken.None);
