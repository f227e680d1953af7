using System.Globalization;
using System.Net;

namespace LeadSync.Benchmarks.Report;

/// <summary>A bar for each figure: its share of the limit.</summary>
internal static class Plot
{
    private const int RowHeight = 26;
    private const int Label = 330;
    private const int FullWidth = 360;

    public static string Svg(IReadOnlyList<Figure> figures)
    {
        var height = (figures.Count * RowHeight) + 50;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="820" height="{height}" font-family="sans-serif" font-size="12">
            <rect width="820" height="{height}" fill="white"/>
            {string.Join('\n', figures.Select(Bar))}
            <line x1="{Label + FullWidth}" y1="8" x2="{Label + FullWidth}" y2="{height - 36}" stroke="#b00020" stroke-dasharray="4 3"/>
            <text x="{Label + FullWidth}" y="{height - 20}" text-anchor="middle" fill="#b00020">the limit</text>
            </svg>

            """);
    }

    private static string Bar(Figure figure, int index)
    {
        // A value above 1 is beyond the limit, for upper and lower limits.
        var share = figure.IsAbsolute
            ? figure.Measured / figure.Must
            : figure.Unit == "/s" ? figure.Must / figure.Ratio : figure.Ratio / figure.Must;
        var y = 12 + (index * RowHeight);
        var width = Math.Min(share, 1.25) * FullWidth;
        var colour = !figure.IsMet ? "#e57373" : figure.IsAimMet ? "#2e7d32" : "#7cb342";
        return string.Create(CultureInfo.InvariantCulture, $"""
            <text x="{Label - 8}" y="{y + 13}" text-anchor="end">{WebUtility.HtmlEncode(figure.Name)}</text>
            <rect x="{Label}" y="{y}" width="{width:0.#}" height="18" fill="{colour}"/>
            <text x="{Label + 6}" y="{y + 13}">{WebUtility.HtmlEncode(figure.MeasuredText)}</text>
            """);
    }
}
