using System.CommandLine;
using System.CommandLine.Help;
using LeadSync.Simulation.Proof;

return await new Command("./leadsync") { new HelpOption(), ProveCommand.Create() }.Parse(args).InvokeAsync();
