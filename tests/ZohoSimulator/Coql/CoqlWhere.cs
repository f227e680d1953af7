using LeadSync.ZohoSimulator.Criteria;
using LeadSync.ZohoSimulator.Fields;

namespace LeadSync.ZohoSimulator.Coql;

/// <summary>Reads the conditions of a query.</summary>
/// <param name="pairwise">Zoho: more than two conditions need brackets pairwise, <c>((a and b) or c)</c>.</param>
internal sealed class CoqlWhere(CoqlTokens tokens, FieldCatalogue fields, bool pairwise)
{
    public Condition Read()
    {
        List<List<Condition>> alternatives = [[ReadOne()]];
        for (var joins = 0; tokens.Peek is "and" or "or"; joins++)
        {
            if (pairwise && joins > 0)
                throw tokens.Error();

            if (tokens.Accept("or"))
                alternatives.Add([]);
            else
                tokens.Expect("and");
            alternatives[^1].Add(ReadOne());
        }

        return lead => alternatives.Exists(all => all.TrueForAll(one => one(lead)));
    }

    private Condition ReadOne()
    {
        if (!tokens.Accept("("))
            return ReadComparison();

        var condition = Read();
        tokens.Expect(")");
        return condition;
    }

    private Condition ReadComparison()
    {
        var name = tokens.Take();
        var field = fields.Find(name) ?? throw CoqlError.Column(name);
        var negated = tokens.Accept("not");
        switch (tokens.Take().ToLowerInvariant())
        {
            case "is":
                return ReadNull(field);
            case "in":
                return Comparison.Of(field, negated ? Comparator.NotIn : Comparator.In, ReadList(field));
            case "between":
                var low = ReadValue(field);
                tokens.Expect("and");
                return Comparison.Of(field, negated ? Comparator.NotBetween : Comparator.Between, [low, ReadValue(field)]);
            case "like":
                return ReadLike(field, negated);
            case var symbol when !negated:
                return Comparison.Of(field, OfSymbol(symbol), [ReadValue(field)]);
            default:
                throw tokens.Error();
        }
    }

    private Condition ReadNull(Field field)
    {
        var comparator = tokens.Accept("not") ? Comparator.NotEqual : Comparator.Equal;
        tokens.Expect("null");
        return Comparison.Of(field, comparator, [null]);
    }

    private Condition ReadLike(Field field, bool negated)
    {
        var pattern = (string)ReadValue(field)!;
        var comparator = (pattern.StartsWith('%'), pattern.EndsWith('%')) switch
        {
            (true, true) => Comparator.Contains,
            (true, false) => Comparator.EndsWith,
            (false, true) => Comparator.StartsWith,
            _ => Comparator.Equal,
        };
        var like = Comparison.Of(field, comparator, [pattern.Trim('%')]);
        return negated ? lead => !like(lead) : like;
    }

    private List<object?> ReadList(Field field)
    {
        var values = new List<object?>();
        tokens.Expect("(");
        do
            values.Add(ReadValue(field));
        while (tokens.Accept(","));
        tokens.Expect(")");
        return values;
    }

    private object? ReadValue(Field field)
    {
        var written = tokens.Take();
        var text = written.StartsWith('\'') ? Unescaped(written[1..^1]) : written;
        return Literal.TryRead(field, text, out var value)
            ? value
            : throw CoqlError.Invalid(new { column_name = field.ApiName, reason = "invalid value", value = text });
    }

    private static string Unescaped(string quoted) =>
        quoted.Replace(@"\'", "'", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);

    private Comparator OfSymbol(string symbol) => symbol switch
    {
        "=" => Comparator.Equal,
        "!=" or "<>" => Comparator.NotEqual,
        "<" => Comparator.LessThan,
        "<=" => Comparator.LessEqual,
        ">" => Comparator.GreaterThan,
        ">=" => Comparator.GreaterEqual,
        _ => throw tokens.Error(),
    };
}
