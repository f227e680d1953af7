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

    public Condition Read(JsonElement criteria)
    {
        var conditions = 0;
        return Read(criteria, ref conditions);
    }

    private Condition Read(JsonElement criteria, ref int conditions)
    {
        if (criteria.ValueKind != JsonValueKind.Object)
            throw Refused("INVALID_CRITERIA", "invalid criteria");
        if (criteria.TryGetProperty("group", out var group))
            return ReadGroup(criteria, group, ref conditions);
        if (++conditions > MostConditions)
            throw Refused("CRITERIA_LIMIT_EXCEEDED", "criteria limit exceeded", new { max_limit = MostConditions });

        return ReadCondition(criteria);
    }

    private Condition ReadGroup(JsonElement criteria, JsonElement group, ref int conditions)
    {
        var members = new List<Condition>();
        foreach (var member in group.ValueKind == JsonValueKind.Array ? group.EnumerateArray() : default)
            members.Add(Read(member, ref conditions));
        if (members.Count == 0)
            throw Refused("INVALID_CRITERIA", "invalid criteria");

        return criteria.TryGetProperty("group_operator", out var word) ? $"{word}".ToLowerInvariant() switch
        {
            "and" => lead => members.TrueForAll(member => member(lead)),
            "or" => lead => members.Exists(member => member(lead)),
            _ => throw Refused("GROUP_OPERATOR_NOT_SUPPORTED", "group operator not supported"),
        } : throw Refused("MANDATORY_NOT_FOUND", "required field not found", new { api_name = "group_operator" });
    }

    private Condition ReadCondition(JsonElement criteria)
    {
        var field = ReadField(criteria);
        var comparator = ReadComparator(criteria, field);
        if (!criteria.TryGetProperty("value", out var value))
            throw Refused("MANDATORY_NOT_FOUND", "required field not found", new { api_name = "value" });

        return Comparison.Of(field, comparator, ReadValues(field, comparator, value));
    }

    private Field ReadField(JsonElement criteria)
    {
        // v2 wrote the name flat.
        var name = criteria.TryGetProperty("field", out var field) && field.ValueKind == JsonValueKind.Object && field.TryGetProperty("api_name", out var nested)
            ? $"{nested}"
            : criteria.TryGetProperty("api_name", out var flat) ? $"{flat}" : throw Refused("MANDATORY_NOT_FOUND", "required field not found", new { api_name = "field" });
        return fields.Find(name) ?? throw Refused("FIELD_IN_CRITERIA_NOT_AVAILABLE", "the field in the criteria is not available", new { api_name = name });
    }

    private static Comparator ReadComparator(JsonElement criteria, Field field)
    {
        var word = criteria.TryGetProperty("comparator", out var given) ? $"{given}" : "";
        if (!Enum.TryParse<Comparator>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var comparator) || !word.All(letter => letter is '_' or (>= 'a' and <= 'z')))
            throw Refused("FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED", "comparator not supported", new { comparator = word });

        var fits = comparator.IsOrdered() ? Literal.CanBeOrdered(field)
            : comparator.IsTextual() ? !Literal.CanBeOrdered(field) && field.DataType != "boolean"
            : field.DataType != "boolean" || comparator == Comparator.Equal;
        return fits ? comparator : throw Refused(
            "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE", "the field and the comparator are not compatible", new { api_name = field.ApiName, comparator = word });
    }

    private static object?[] ReadValues(Field field, Comparator comparator, JsonElement value)
    {
        var isList = comparator is Comparator.In or Comparator.NotIn or Comparator.Between or Comparator.NotBetween;
        var given = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(one => $"{one}")] : new[] { $"{value}" };
        if (given.Length > MostValues)
            throw Refused("VALUE_LIMIT_EXCEEDED_IN_CRITERIA", "too many values", new { max_limit = MostValues });
        if ((comparator is Comparator.Between or Comparator.NotBetween && given.Length != 2) || (!isList && value.ValueKind == JsonValueKind.Array) || given.Length == 0)
            throw Refused("COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", "the comparator and the value are not compatible");

        return [.. given.Select(text => Literal.TryRead(field, text, out var literal)
            ? literal
            : throw Refused("FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", "the field and the value are not compatible", new { api_name = field.ApiName }))];
    }

    private static ZohoError Refused(string code, string message, object? details = null) => new(400, code, message, details);
}
