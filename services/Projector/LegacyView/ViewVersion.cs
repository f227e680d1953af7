using System.Globalization;

namespace LeadSync.Projector.LegacyView;

/// <summary>
/// One version of the view: a past, present or future partition of <c>legacy.leads</c>, and one of <c>legacy.deleted_leads</c>.
/// </summary>
internal sealed record ViewVersion(Module Module, int Number)
{
    /// <summary>The partitions' names in the schema <c>legacy</c>, each with the name of its table.</summary>
    public IReadOnlyList<(string Served, string Name)> Tables { get; } =
    [
        (Module.View, $"{Module.View}_v{Number}"), (Module.Deleted, $"{Module.Deleted}_v{Number}")
    ];

    public string Leads => Tables[0].Name;

    public string Deleted => Tables[1].Name;

    /// <summary>
    /// The name of the table that shows <paramref name="served"/> as of a moment, for instance <c>leads_as_of_20261124t120000z</c>.
    /// </summary>
    public static string AsOf(string served, DateTimeOffset moment)
    {
        var format = moment.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyyMMdd't'HHmmss'z'" : "yyyyMMdd't'HHmmss_FFFFFF'z'";
        return $"{served}_as_of_{moment.UtcDateTime.ToString(format, CultureInfo.InvariantCulture)}";
    }
}
