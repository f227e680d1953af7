using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Coql;

/// <summary>Parses <c>select … from Leads where … order by … limit … offset …</c>.</summary>
internal sealed class CoqlParser(FieldCatalogue fields, Dials dials)
{
    private const int MostRows = 2000;
    private const int MostSortFields = 10;

    /// <param name="reach">The last row that offset and limit may reach.</param>
    public CoqlQuery Parse(string text, int reach)
    {
        var tokens = new CoqlTokens(text);
        tokens.Expect("select");
        var columns = ReadColumns(tokens);
        tokens.Expect("from");
        if (tokens.Take() != "Leads")
            throw CoqlError.Invalid(new { reason = "the module name given seems to be invalid" });

        tokens.Expect("where");
        var where = new CoqlWhere(tokens, fields, dials.CoqlPairwiseBrackets).Read();
        var query = ReadEnd(tokens, new CoqlQuery(columns, where) { OrderBy = ReadOrder(tokens) });
        return query.Offset + query.Limit <= reach ? query : throw ZohoError.LimitExceeded(new { clause = "offset", limit = reach });
    }

    private List<Column> ReadColumns(CoqlTokens tokens)
    {
        var columns = new List<Column>();
        do
            columns.Add(ReadColumn(tokens.Take()));
        while (tokens.Accept(","));
        return columns.Count <= dials.CoqlColumns
            ? columns
            : throw ZohoError.LimitExceeded(new { clause = "select", limit = dials.CoqlColumns });
    }

    private Column ReadColumn(string name) =>
        Column.Find(fields, name) is { Field: { Hidden: false, SingleOnly: false } } column ? column : throw CoqlError.Column(name);

    private List<(Field, bool)> ReadOrder(CoqlTokens tokens)
    {
        var order = new List<(Field, bool)>();
        if (!tokens.Accept("order"))
            return order;

        tokens.Expect("by");
        do
        {
            var field = ReadColumn(tokens.Take()).Field;
            var descending = tokens.Accept("desc");
            if (!descending)
                tokens.Accept("asc");
            order.Add((field, descending));
        }
        while (tokens.Accept(","));
        return order.Count <= MostSortFields ? order : throw ZohoError.LimitExceeded(new { clause = "order by", limit = MostSortFields });
    }

    // "limit 200", "limit 200 offset 400", "offset 400 limit 200", "limit 400, 200".
    private static CoqlQuery ReadEnd(CoqlTokens tokens, CoqlQuery query)
    {
        while (!tokens.AtEnd)
        {
            if (tokens.Accept("limit"))
            {
                var limit = tokens.Number();
                query = tokens.Accept(",") ? query with { Offset = limit, Limit = tokens.Number() } : query with { Limit = limit };
            }
            else
            {
                tokens.Expect("offset");
                query = query with { Offset = tokens.Number() };
            }
        }

        return query.Limit is > 0 and <= MostRows ? query : throw ZohoError.LimitExceeded(new { clause = "limit", limit = MostRows });
    }
}
