using System.Text;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>Long texts: most are empty or a line, some have several lines, a few have 5,000 characters.</summary>
internal static class Descriptions
{
    private const int LongLength = 5000;

    private static readonly string[] Sentences =
    [
        "Met at the trade fair, wants a quote.", "Budget is \"tight\", decides in Q3.", "Calls back, maybe.", "Bitte nur per E-Mail.",
        "Uses a competitor's product today; renewal in May.", "お電話ください。", "Asked for 20 laptops, 3 servers & a printer.",
    ];

    public static string? Of(ulong hash) => (hash % 200) switch
    {
        < 110 => null,
        < 160 => Hash.Of(Sentences, hash >> 16),
        < 190 => Nasty.Or(Lines(hash), hash),
        < 199 => Repeated(hash, 700),
        _ => Repeated(hash, LongLength),
    };

    /// <summary>Rich texts with markup, mostly longer than an answer shows.</summary>
    public static string Rich(ulong hash)
    {
        var text = Repeated(hash, 50 + (int)(hash % 3000)).Replace("&", "&amp;", StringComparison.Ordinal).Replace('\n', ' ');
        return $"<div><b>{Hash.Of(Sentences, hash >> 8)}</b><br>{text}</div>";
    }

    private static string Lines(ulong hash) =>
        $"{Hash.Of(Sentences, hash >> 16)}\n{Hash.Of(Sentences, hash >> 32)}\r\n\r\n- {Hash.Of(Sentences, hash >> 40)}";

    private static string Repeated(ulong hash, int length)
    {
        var text = new StringBuilder(length + 64);
        for (; text.Length < length; hash = Hash.Of(hash))
            text.Append(Hash.Of(Sentences, hash)).Append(hash % 5 == 0 ? '\n' : ' ');
        text.Length = length;
        return text.ToString();
    }
}
