using System.Globalization;
using System.Text;

namespace LeadSync.ServiceDefaults.Parking;

/// <summary>The kind of a parked item, which decides how it is replayed.</summary>
public enum ParkedKind
{
    /// <summary>A message: a replay puts it back into its queue.</summary>
    Message,

    /// <summary>A lead: a replay reads it from Zoho again.</summary>
    Lead,

    /// <summary>A row of a bulk read whose lead is unknown: a replay reads every lead again.</summary>
    Row,

    /// <summary>A field's value that the view cannot show: a replay reads the lead from Zoho again.</summary>
    Value,
}

/// <summary>Something that could not be processed. It is kept with its reason where an operator sees it, while everything else goes
/// on.</summary>
/// <param name="Key">Identifies the item together with the service and <paramref name="Kind"/>: an item with the same key is parked
/// once.</param>
/// <param name="Origin">The source of the item: a queue's name, or a bulk read's job.</param>
/// <param name="Reason">One sentence without lead data.</param>
/// <param name="Line">1-based line of the file, if it came from one.</param>
/// <param name="Content">The unchanged content that could not be processed.</param>
/// <param name="Properties">A message's properties, as JSON.</param>
public sealed record ParkedItem(
    ParkedKind Kind,
    string Key,
    string Origin,
    string Reason,
    string? LeadId = null,
    long? Line = null,
    byte[]? Content = null,
    string? Properties = null)
{
    public static ParkedItem Lead(string id, string origin, string reason, string? content = null, long? line = null) =>
        new(ParkedKind.Lead, id, origin, reason, id, line, content is null ? null : Encoding.UTF8.GetBytes(content));

    public static ParkedItem Row(string origin, long line, string reason, string content) => new(
        ParkedKind.Row, string.Create(CultureInfo.InvariantCulture, $"{origin}, line {line}"), origin, reason,
        Line: line, Content: Encoding.UTF8.GetBytes(content));
}
