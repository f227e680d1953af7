using System.CommandLine;
using LeadSync.Cli.CommandLine;
using LeadSync.ServiceDefaults;
using Spectre.Console;

namespace LeadSync.Cli.Doctor;

/// <summary><c>doctor</c>: checks everything that a sync depends on, and says how to fix what is wrong.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var before = new Option<bool>("--before-start") { Description = "nothing runs yet: leave out what only a running sync can answer" };
        var role = new Option<string?>(
            "--reader-role") { Description = "the database role that the legacy application reads the view with" };
        var codes = new Option<bool>("--codes") { Description = "print the table of all checks as Markdown, and check nothing" };
        var keys = new Option<bool>("--keys") { Description = "print the tables of all configuration keys as Markdown, and check nothing" };
        return new ExampledCommand(
            "doctor",
            "Check the configuration, Zoho, the public address, RabbitMQ and PostgreSQL, with the environment of the services. Exit "
                + "code 0 when nothing is broken, else 1. It takes one access token of Zoho's ten in ten minutes, and at most eight "
                + "credits.",
            "leadsync doctor --before-start", "leadsync doctor --reader-role accounts",
                "leadsync doctor --json | jq '.findings[] | select(.outcome == \"failed\")'",
            "docker run --rm --env-file leadsync.env leadsync/cli:<tag> doctor")
        {
            before, role, codes, keys,
        }.Does(async (invocation, ct) =>
        {
            if (invocation.Value(codes))
            {
                invocation.Output.Write(DoctorDocument.Table());
                return ExitCode.Ok;
            }

            if (invocation.Value(keys))
            {
                invocation.Output.Write(ConfigurationKeys.Document());
                return ExitCode.Ok;
            }

            var findings = new Findings();
            await new Examination(invocation.Configuration, invocation.Scheduler.Address, findings)
                .Run(isRunning: !invocation.Value(before), invocation.Value(role), ct);
            invocation.Output.Show(Json(findings), () => Picture(findings));
            return findings.IsHealthy ? ExitCode.Ok : ExitCode.No;
        });
    }

    private static object Json(Findings findings) => new
    {
        healthy = findings.IsHealthy,
        findings = findings.All.Select(finding => new
        {
            code = finding.Diagnosis.Code,
            checks = finding.Diagnosis.Checks,
            outcome = finding.Outcome,
            detail = finding.Detail,
            cause = finding.IsWrong ? finding.Diagnosis.Cause : null,
            fix = finding.IsWrong ? finding.Diagnosis.Fix : null,
        }),
    };

    private static Rows Picture(Findings findings)
    {
        var table = new Table().AddColumns("", "code", "checks", "seen").Border(TableBorder.Rounded);
        foreach (var finding in findings.All)
            table.AddRow(Sign(finding.Outcome), new Text(finding.Diagnosis.Code), new Text(finding.Diagnosis.Checks), new Text(
                finding.Detail));

        var wrong = findings.All.Where(finding => finding.IsWrong).ToList();
        var explained = wrong.Select(
            finding => new Text($"\n{finding.Diagnosis.Code} {finding.Diagnosis.Checks}: {finding.Detail}\n  Likely: "
                + $"{finding.Diagnosis.Cause}\n  Do:     {finding.Diagnosis.Fix}"));
        var broken = wrong.Count(finding => finding.Outcome == Outcome.Failed);
        var warnings = $"{InWords.Count(wrong.Count - broken, "warning")}.";
        var sum = wrong.Count == 0 ? "Nothing is wrong." : broken == 0 ? $"Nothing is broken; {warnings}" : $"{broken} broken, {warnings}";
        return new Rows([table, .. explained, new Text($"\n{sum}")]);
    }

    private static Text Sign(Outcome outcome) => outcome switch
    {
        Outcome.Ok => new Text("ok", new Style(Color.Green)),
        Outcome.Warning => new Text("warning", new Style(Color.Yellow)),
        Outcome.Failed => new Text("broken", new Style(Color.Red)),
        _ => new Text("skipped", new Style(Color.Grey)),
    };
}
