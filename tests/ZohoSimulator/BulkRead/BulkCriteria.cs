using System.Text.Json;
using LeadSync.ZohoSimulator.Criteria;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>Reads the criteria of a bulk read: one condition, or nested groups of them.</summary>
internal sealed class BulkCriteria(FieldCatalogue fields)
{
    private const int MostConditions = 25;
    private const int MostValues = 200;

    private static readonly Dictionary<string, Comparator> Comparators = new()
    {
        ["equal"] = Comparator.Equal,
        ["not_equal"] = Comparator.NotEqual,
        ["in"] = Comparator.In,
        ["not_in"] = Comparator.NotIn,
        ["less_than"] = Comparator.LessThan,
        ["less_equal"] = Comparator.LessEqual,
        ["greater_than"] = Comparator.GreaterThan,
        ["greater_equal"] = Comparator.GreaterEqual,
        ["between"] = Comparator.Between,
        ["not_between"] = Comparator.NotBetween,
        ["contains"] = Comparator.Contains,
        ["not_contains"] = Comparator.NotContains,
        ["starts_with"] = Comparator.StartsWith,
        ["ends_with"] = Comparator.EndsWith,
    };

    public Condition Read(JsonElement criteria)
    {
        var conditions = 0;
        return Read(criteria, ref conditions);
    }

    private Condition Read(JsonElement criteria, ref int conditions)
    {
        if (criteria.ValueKind != JsonValueKind.Object)
            throw BulkError.Refused("INVALID_CRITERIA");
        if (criteria.Member("group") is not null)
            return ReadGroup(criteria, ref conditions);
        if (++conditions > MostConditions)
            throw BulkError.Refused("CRITERIA_LIMIT_EXCEEDED", new { max_limit = MostConditions });

        return ReadCondition(criteria);
    }

    private Condition ReadGroup(JsonElement criteria, ref int conditions)
    {
        var members = new List<Condition>();
        foreach (var member in criteria.Items("group") ?? [])
            members.Add(Read(member, ref conditions));
        if (members.Count == 0)
            throw BulkError.Refused("INVALID_CRITERIA");

        var word = criteria.Member("group_operator") ?? throw ZohoError.Mandatory(new { api_name = "group_operator" });
        return $"{word}".ToLowerInvariant() switch
        {
            "and" => lead => members.TrueForAll(member => member(lead)),
            "or" => lead => members.Exists(member => member(lead)),
            _ => throw BulkError.Refused("GROUP_OPERATOR_NOT_SUPPORTED"),
        };
    }

    private Condition ReadCondition(JsonElement criteria)
    {
        var field = ReadField(criteria);
        var comparator = ReadComparator(criteria, field);
        var value = criteria.Member("value") ?? throw ZohoError.Mandatory(new { api_name = "value" });
        return Comparison.Of(field, comparator, ReadValues(field, comparator, value));
    }

    private Field ReadField(JsonElement criteria)
    {
        // v2 wrote the name flat.
        var name = criteria.Member("field")?.Member("api_name") ?? criteria.Member("api_name")
            ?? throw ZohoError.Mandatory(new { api_name = "field" });
        return fields.Find($"{name}") ?? throw BulkError.Refused("FIELD_IN_CRITERIA_NOT_AVAILABLE", new { api_name = $"{name}" });
    }

    private static Comparator ReadComparator(JsonElement criteria, Field field)
    {
        var word = $"{criteria.Member("comparator")}";
        if (!Comparators.TryGetValue(word, out var comparator))
            throw BulkError.Refused("FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED", new { comparator = word });

        var fits = comparator.IsOrdered() ? Literal.CanBeOrdered(field)
            : comparator.IsTextual() ? !Literal.CanBeOrdered(field) && field.DataType != "boolean"
            : field.DataType != "boolean" || comparator == Comparator.Equal;
        return fits
            ? comparator
            : throw BulkError.Refused(
                "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE", new { api_name = field.ApiName, comparator = word });
    }

    private static object?[] ReadValues(Field field, Comparator comparator, JsonElement value)
    {
        var given = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(one => $"{one}")] : new[] { $"{value}" };
        if (given.Length > MostValues)
            throw BulkError.Refused("VALUE_LIMIT_EXCEEDED_IN_CRITERIA", new { max_limit = MostValues });

        var fits = comparator switch
        {
            Comparator.Between or Comparator.NotBetween => given.Length == 2,
            Comparator.In or Comparator.NotIn => given.Length > 0,
            _ => value.ValueKind != JsonValueKind.Array,
        };
        if (!fits)
            throw BulkError.Refused("COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE");

        return [.. given.Select(text => Literal.TryRead(field, text, out var literal)
            ? literal
            : throw BulkError.Refused("FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", new { api_name = field.ApiName }))];
    }
}
