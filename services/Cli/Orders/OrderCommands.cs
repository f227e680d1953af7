using System.CommandLine;
using LeadSync.Cli.CommandLine;

namespace LeadSync.Cli.Orders;

/// <summary>What an operator can ask the scheduler for. It records the order and carries it out when its plan comes to it.</summary>
internal static class OrderCommands
{
    public static Command CatchUp() => Order(
        "catch-up", "catch-up", "Read now what was changed and deleted since the last good sync.", "A catch-up is asked for.");

    public static Command Compare() => Order(
        "compare", "full-comparison", "Read every lead in bulk and compare it with the view.", "A full comparison is asked for.");

    public static Command Rebuild() => Order(
        "rebuild", "rebuild", "Fold the view anew from the events, beside the one that is read.", "A rebuild is asked for.");

    public static Command Pause() => Order(
        "pause", "pause", "Read nothing more of Zoho's accord until `resume`; what is announced still arrives.", "Paused.");

    public static Command Resume() => Order("resume", "resume", "Go on after `pause`.", "Resumed.");

    private static ExampledCommand Order(string name, string path, string description, string done) =>
        new ExampledCommand(name, description, $"leadsync {name}", $"leadsync {name} --url https://leadsync.example.org --token-file /run/secrets/leadsync")
            .Does(async (invocation, ct) =>
            {
                await invocation.Scheduler.Post(path, ct);
                invocation.Screen.Show(new { accepted = name }, $"{done} `leadsync status` shows how it goes on.");
                return ExitCode.Ok;
            });
}
