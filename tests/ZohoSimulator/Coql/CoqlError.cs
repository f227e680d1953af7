using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.Coql;

internal static class CoqlError
{
    public static ZohoError Invalid(object details) => new(400, "INVALID_QUERY", "invalid query formed", details);

    public static ZohoError Column(string name) => Invalid(new { column_name = name, reason = "column given seems to be invalid" });

    public static ZohoError Syntax(object details) => new(400, "SYNTAX_ERROR", "error occurred while parsing the query", details);
}
