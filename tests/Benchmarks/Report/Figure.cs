namespace LeadSync.Benchmarks.Report;

/// <summary>A measured quantity, and its floor: the best possible result in the same run.</summary>
/// <param name="Unit">The unit of floor and measured value: <c>s</c>, <c>ms</c>, <c>MiB</c> or <c>/s</c>.</param>
/// <param name="Must">The limit of the ratio: the most, or for a rate the least.</param>
internal sealed record Figure(string Name, string Unit, double Floor, double Measured, double Must, double Aim)
{
    /// <summary>The number of processed leads, where the figure has a rate; otherwise 0.</summary>
    public int Items { get; init; }

    /// <summary>A limit in the unit itself rather than a ratio: memory.</summary>
    public bool IsAbsolute { get; init; }

    public double Ratio => Measured / Floor;

    public bool IsMet => Meets(Must);

    public bool IsAimMet => Meets(Aim);

    private bool IsRate => Unit == "/s";

    public string MustText => Limit(Must);

    public string AimText => Limit(Aim);

    public string MeasuredText => Items > 0 ? $"{Text(Measured)} ({Items / Measured:N0}/s)" : Text(Measured);

    public string FloorText => Items > 0 ? $"{Text(Floor)} ({Items / Floor:N0}/s)" : Text(Floor);

    public static Figure Time(string name, TimeSpan floor, TimeSpan measured, double must, double aim) =>
        new(name, "s", floor.TotalSeconds, measured.TotalSeconds, must, aim);

    public static TimeSpan Median(IEnumerable<TimeSpan> values) =>
        TimeSpan.FromTicks((long)Quantile(values.Select(value => (double)value.Ticks), 0.5));

    /// <param name="share">0.5 is the median, 0.99 the value that one in a hundred exceeds.</param>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = (sorted.Length - 1) * share;
        return double.Lerp(sorted[(int)Math.Floor(at)], sorted[(int)Math.Ceiling(at)], at - Math.Floor(at));
    }

    private bool Meets(double limit) => IsAbsolute ? Measured <= limit : IsRate ? Ratio >= limit : Ratio <= limit;

    private string Limit(double limit) => IsAbsolute ? $"≤ {Text(limit)}" : $"{(IsRate ? "≥" : "≤")} {limit:0.##} ×";

    private string Text(double value) => Unit switch
    {
        "/s" => $"{value:N0}/s",
        "s" => $"{value:0.00} s",
        "ms" => $"{value:0.0} ms",
        _ => $"{value:0} {Unit}",
    };
}
