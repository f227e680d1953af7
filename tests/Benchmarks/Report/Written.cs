using System.Text.Json;

namespace LeadSync.Benchmarks.Report;

/// <summary>The figures in files.</summary>
internal static class Written
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Task JsonAsync(IReadOnlyList<Figure> figures, Machine machine, FileInfo to, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(to.FullName, JsonSerializer.Serialize(new { machine, figures }, Json) + "\n", cancellationToken);

    /// <summary>A table in Markdown, and a plot in an SVG file next to it.</summary>
    public static async Task MarkdownAsync(IReadOnlyList<Figure> figures, Machine machine, FileInfo to, CancellationToken cancellationToken)
    {
        var plot = Path.ChangeExtension(to.FullName, ".svg");
        await File.WriteAllTextAsync(plot, Plot.Svg(figures), cancellationToken);
        var rows = figures.Select(figure =>
            $"| {figure.Name} | {figure.FloorText} | {figure.MeasuredText} | {figure.Ratio:0.00} | {figure.MustText} | {figure.AimText} | "
                + $"{(figure.IsMet ? "yes" : "**no**")} |");
        await File.WriteAllTextAsync(to.FullName, $"""
            # Benchmarks

            `./leadsync bench` measures the services as processes next to a floor: the least work that could give the same result, done
            in the same run on the same machine. Machines differ and are noisy, so the ratio counts; the
            absolute figures say what it means on this one.

            {machine}, {machine.MeasuredAt:yyyy-MM-dd}.

            | | Floor | Measured | Ratio | Must | Aim | Met |
            |---|---|---|---|---|---|---|
            {string.Join('\n', rows)}

            ![ratios](<{Path.GetFileName(plot)}>)

            """, cancellationToken);
    }
}
