using LeadSync.ChartTests.Rendering;
using LeadSync.DevStack;
using LeadSync.DevStack.Infrastructure;

[assembly: AssemblyFixture(typeof(RenderedCharts))]

namespace LeadSync.ChartTests.Rendering;

/// <summary>Every set of values, rendered once by each major version of Helm, and parsed once.</summary>
public sealed class RenderedCharts : IAsyncLifetime
{
    private Dictionary<(string Major, string Values), string> yaml = [];
    private Dictionary<string, Lazy<Manifest>> manifests = [];

    public static TheoryData<string> ValueSets => [.. Chart.ValueSets];

    public async ValueTask InitializeAsync()
    {
        await HelmBinary.PrepareAsync(Console.WriteLine, TestContext.Current.CancellationToken);
        var rendered = await Task.WhenAll(
            from major in HelmBinary.Majors
            from values in Chart.ValueSets
            select RenderAsync(major, values));
        yaml = rendered.ToDictionary(one => (one.Major, one.Values), one => one.Yaml);
        manifests = Chart.ValueSets.ToDictionary(
            values => values, values => new Lazy<Manifest>(() => Rendering.Manifest.Parse(Yaml(values))));
    }

    /// <summary>Helm's output without empty lines, which differ between the major versions.</summary>
    internal string Yaml(string values, string major = "helm4") => yaml[(major, values)];

    /// <summary>The objects of a set of values. Tests share them, and only read.</summary>
    internal Manifest Manifest(string values) => manifests[values].Value;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<(string Major, string Values, string Yaml)> RenderAsync(string major, string values)
    {
        var command = await Chart.TemplateAsync(major, "one", values);
        return command.ExitCode == 0
            ? (major, values, WithoutEmptyLines(command.Output))
            : throw new DevStackException($"{major} cannot render {values}: {command.Error}");
    }

    private static string WithoutEmptyLines(string text) =>
        string.Concat(text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).Select(line => $"{line}\n"));
}
