using Spectre.Console;

namespace LeadSync.Benchmarks.Report;

/// <summary>The figures on the screen.</summary>
internal static class FigureTable
{
    public static void Print(IEnumerable<Figure> figures, Machine machine)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "floor", "measured", "ratio", "must", "aim", "");
        foreach (var figure in figures)
        {
            table.AddRow(new[]
            {
                figure.Name, figure.FloorText, figure.MeasuredText, $"{figure.Ratio:0.00}", figure.MustText, figure.AimText,
                !figure.IsMet ? "MISSED" : figure.IsAimMet ? "aim reached" : "ok",
            }.Select(Markup.Escape).ToArray());
        }

        AnsiConsole.Write(table);
        Console.WriteLine($"{machine}");
    }
}
