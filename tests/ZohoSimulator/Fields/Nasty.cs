using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>Texts that break careless readers.</summary>
internal static class Nasty
{
    private static readonly string[] Texts =
    [
        "He said \"no, thanks\"",
        "\"",
        "a,b;c\td",
        "two\nlines",
        "carriage\r\nreturn",
        "ends with a break\n",
        "  spaces before and after  ",
        "=cmd|' /C calc'!A0",
        "+1-800-EXAMPLE",
        "@SUM(1+1)",
        "👩‍👩‍👧‍👦 family & 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "שלום, עולם",
        "\u202Eright to left\u202C",
        "e\u0301 is not \u00E9",
        "<script>alert('x')</script>",
        "'; drop table leads; --",
        "back\\slash \\N \\n",
        "{\"json\": [1, 2]}",
        "null",
        "NULL",
        "0012",
        "1e5",
        "true",
        "\uFEFFbyte order mark",
        "zero\u200Bwidth\u00A0space",
        "line\u2028separator",
    ];

    /// <summary>The plain text, for 19 leads of 20.</summary>
    public static string Or(string plain, ulong hash) => Hash.Among(hash >> 24, 0.05) ? Hash.Of(Texts, hash >> 40) : plain;
}
