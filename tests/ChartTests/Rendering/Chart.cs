using LeadSync.DevStack;
using LeadSync.DevStack.Infrastructure;
using LeadSync.TestSupport;

namespace LeadSync.ChartTests.Rendering;

/// <summary>The chart in <c>deploy/helm/leadsync</c>, and Helm's commands on it.</summary>
internal static class Chart
{
    public static string Directory { get; } = Path.Combine(Repository.Root, "deploy", "helm", "leadsync");

    /// <summary>The sets of values in the chart's <c>ci</c> folder, as chart testers expect them.</summary>
    public static IReadOnlyList<string> ValueSets { get; } =
        [
            .. System.IO.Directory.EnumerateFiles(Path.Combine(Directory, "ci"))
                .Select(file => Path.GetFileName(file).Replace("-values.yaml", "")).Order()
        ];

    public static Task<ProgramResult> TemplateAsync(string major, string release, string? values, params string[] more) =>
        RunAsync(major, ["template", release, Directory, "--namespace", "sales", .. Values(values), .. more]);

    public static Task<ProgramResult> LintAsync(string major, string? values) =>
        RunAsync(major, ["lint", "--strict", Directory, .. Values(values)]);

    private static IEnumerable<string> Values(string? values) =>
        values is null ? [] : ["--values", Path.Combine(Directory, "ci", $"{values}-values.yaml")];

    private static Task<ProgramResult> RunAsync(string major, IEnumerable<string> arguments) =>
        ProgramResult.RunAsync(
            new(HelmBinary.PathOf(major), arguments) { WorkingDirectory = Repository.Root }, TestContext.Current.CancellationToken);
}
