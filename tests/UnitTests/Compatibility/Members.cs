using System.Reflection;
using System.Text.Json;

namespace LeadSync.UnitTests.Compatibility;

/// <summary>The members of records, compared with JSON of earlier versions.</summary>
internal static class Members
{
    /// <summary>Members without a default that some of the JSON does not have.</summary>
    public static IEnumerable<string> WithoutDefault(IEnumerable<(Type Type, JsonElement Json)> written) => All(written)
        .Where(member => member.Any(found => found.Value is null) && !member.First().Member.HasDefaultValue)
        .Select(member => member.Key);

    /// <summary>Members for which no JSON has a value.</summary>
    public static IEnumerable<string> WithoutValue(IEnumerable<(Type Type, JsonElement Json)> written) => All(written)
        .Where(member => member.All(found => found.Value is null or { ValueKind: JsonValueKind.Null }))
        .Select(member => member.Key);

    private static IEnumerable<IGrouping<string, (ParameterInfo Member, JsonElement? Value)>> All(
        IEnumerable<(Type Type, JsonElement Json)> written) => written
        .SelectMany(one => Of(one.Type, one.Json))
        .GroupBy(found => $"{found.Member.Member.DeclaringType!.Name}.{found.Member.Name}");

    /// <summary>
    /// Every member of a record and of its nested records, with its JSON; null where the JSON does not have the member.
    /// </summary>
    private static IEnumerable<(ParameterInfo Member, JsonElement? Value)> Of(Type type, JsonElement json)
    {
        foreach (var member in Constructor(type).GetParameters())
        {
            var value = Find(json, member.Name!);
            yield return (member, value);
            if (value is not { } found)
                continue;

            foreach (var (record, element) in Records(member.ParameterType, found))
            {
                foreach (var inner in Of(record, element))
                    yield return inner;
            }
        }
    }

    private static IEnumerable<(Type Record, JsonElement Json)> Records(Type type, JsonElement json)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Records(inner, json);
        if (IsOurs(type))
            return json.ValueKind == JsonValueKind.Object ? [(type, json)] : [];
        if (!type.IsGenericType)
            return [];

        // The type of a list's elements, or of a dictionary's values.
        var element = type.GetGenericArguments()[^1];
        return json.ValueKind switch
        {
            JsonValueKind.Array => json.EnumerateArray().SelectMany(value => Records(element, value)),
            JsonValueKind.Object => json.EnumerateObject().SelectMany(value => Records(element, value.Value)),
            _ => [],
        };
    }

    private static bool IsOurs(Type type) => !type.IsEnum && type.Namespace?.StartsWith("LeadSync", StringComparison.Ordinal) == true;

    private static ConstructorInfo Constructor(Type type) =>
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public).MaxBy(constructor => constructor.GetParameters().Length)!;

    private static JsonElement? Find(JsonElement json, string name)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        }

        return null;
    }
}
