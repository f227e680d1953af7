using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Criteria;

/// <summary>Reads criteria as searches and counts have them: <c>((Lead_Status:equals:Contacted)and(City:starts_with:Lon))</c>.</summary>
internal sealed class SearchCriteria(FieldCatalogue fields)
{
    private static readonly Dictionary<string, Comparator> Comparators = new()
    {
        ["equals"] = Comparator.Equal,
        ["not_equal"] = Comparator.NotEqual,
        ["in"] = Comparator.In,
        ["greater_than"] = Comparator.GreaterThan,
        ["greater_equal"] = Comparator.GreaterEqual,
        ["less_than"] = Comparator.LessThan,
        ["less_equal"] = Comparator.LessEqual,
        ["between"] = Comparator.Between,
        ["starts_with"] = Comparator.StartsWith,
    };

    public Condition Read(string text)
    {
        var at = 0;
        var condition = ReadGroup(text, ref at);
        return at == text.Length ? condition : throw Invalid();
    }

    // group: '(' (group [and|or group]… | field:comparator:value) ')'
    private Condition ReadGroup(string text, ref int at)
    {
        Expect(text, "(", ref at);
        var condition = at < text.Length && text[at] == '(' ? ReadMembers(text, ref at) : ReadCondition(text, ref at);
        Expect(text, ")", ref at);
        return condition;
    }

    private Condition ReadMembers(string text, ref int at)
    {
        var left = ReadGroup(text, ref at);
        while (at < text.Length && text[at] != ')')
        {
            var before = left;
            var isAnd = text.AsSpan(at).StartsWith("and");
            Expect(text, isAnd ? "and" : "or", ref at);
            var right = ReadGroup(text, ref at);
            left = isAnd ? lead => before(lead) && right(lead) : lead => before(lead) || right(lead);
        }

        return left;
    }

    private Condition ReadCondition(string text, ref int at)
    {
        var end = text.IndexOf(')', at);
        if (end < 0 || text[at..end].Split(':', 3) is not [var name, var word, var value])
            throw Invalid();

        at = end;
        var field = fields.Find(name) ?? throw Invalid();
        var values = word is "in" or "between" ? value.Split(',') : [value];
        var literals = values.Select(one => Literal.TryRead(field, one, out var literal) ? literal : throw Invalid()).ToArray();
        return Comparators.TryGetValue(word, out var comparator) && (comparator != Comparator.Between || literals.Length == 2)
            ? Comparison.Of(field, comparator, literals)
            : throw Invalid();
    }

    private static void Expect(string text, string expected, ref int at)
    {
        if (!text.AsSpan(Math.Min(at, text.Length)).StartsWith(expected))
            throw Invalid();
        at += expected.Length;
    }

    private static ZohoError Invalid() => new(400, "INVALID_QUERY", "invalid query formed", new { param_name = "criteria" });
}
