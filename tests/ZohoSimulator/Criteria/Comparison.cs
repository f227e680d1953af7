using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Criteria;

/// <summary>Whether a lead matches.</summary>
internal delegate bool Condition(Lead lead);

internal enum Comparator
{
    Equal,
    NotEqual,
    In,
    NotIn,
    LessThan,
    LessEqual,
    GreaterThan,
    GreaterEqual,
    Between,
    NotBetween,
    Contains,
    NotContains,
    StartsWith,
    EndsWith,
}

/// <summary>Compares a field with values, which <see cref="Literal"/> has read.</summary>
internal static class Comparison
{
    public static Condition Of(Field field, Comparator comparator, IReadOnlyList<object?> values) => field.ApiName switch
    {
        // The two comparisons of every catch-up need no boxing.
        "Modified_Time" when values is [DateTimeOffset, ..] => Instants(lead => lead.ModifiedTime, comparator, values),
        "Created_Time" when values is [DateTimeOffset, ..] => Instants(lead => lead.CreatedTime, comparator, values),
        _ => lead => Holds(comparator, Key(field.Of(lead)), values),
    };

    public static bool IsOrdered(this Comparator comparator) => comparator is >= Comparator.LessThan and <= Comparator.NotBetween;

    public static bool IsTextual(this Comparator comparator) => comparator >= Comparator.Contains;

    private static Condition Instants(Func<Lead, DateTimeOffset> key, Comparator comparator, IReadOnlyList<object?> values)
    {
        var bounds = values.OfType<DateTimeOffset>().ToArray();
        return comparator switch
        {
            Comparator.LessThan => lead => key(lead) < bounds[0],
            Comparator.LessEqual => lead => key(lead) <= bounds[0],
            Comparator.GreaterThan => lead => key(lead) > bounds[0],
            Comparator.GreaterEqual => lead => key(lead) >= bounds[0],
            Comparator.Between => lead => key(lead) >= bounds[0] && key(lead) <= bounds[1],
            Comparator.NotBetween => lead => key(lead) < bounds[0] || key(lead) > bounds[1],
            Comparator.NotEqual or Comparator.NotIn => lead => !bounds.Contains(key(lead)),
            _ => lead => bounds.Contains(key(lead)),
        };
    }

    private static bool Holds(Comparator comparator, object? key, IReadOnlyList<object?> values) => comparator switch
    {
        Comparator.Equal or Comparator.In => values.Contains(key),
        Comparator.NotEqual or Comparator.NotIn => !values.Contains(key),
        Comparator.NotContains => !(key is string text && text.Contains((string)values[0]!, StringComparison.OrdinalIgnoreCase)),
        _ => key is not null && HoldsOfSomething(comparator, key, values),
    };

    private static bool HoldsOfSomething(Comparator comparator, object key, IReadOnlyList<object?> values)
    {
        int To(int at) => Comparer<object>.Default.Compare(key, values[at]);
        return comparator switch
        {
            Comparator.LessThan => To(0) < 0,
            Comparator.LessEqual => To(0) <= 0,
            Comparator.GreaterThan => To(0) > 0,
            Comparator.GreaterEqual => To(0) >= 0,
            Comparator.Between => To(0) >= 0 && To(1) <= 0,
            Comparator.NotBetween => To(0) < 0 || To(1) > 0,
            Comparator.Contains => $"{key}".Contains((string)values[0]!, StringComparison.OrdinalIgnoreCase),
            Comparator.StartsWith => $"{key}".StartsWith((string)values[0]!, StringComparison.OrdinalIgnoreCase),
            _ => $"{key}".EndsWith((string)values[0]!, StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>The key by which a value is compared and sorted.</summary>
    public static object? Key(object? value) => value switch
    {
        long number => (decimal)number,
        UserRef user => user.Id,
        LookupRef record => record.Id,
        string[] chosen => string.Join(';', chosen),
        Tag[] tags => string.Join(',', tags.Select(tag => tag.Name)),
        _ => value,
    };
}
