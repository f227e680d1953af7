using LeadSync.Contracts;

namespace LeadSync.Gateway.Records;

/// <summary>What Zoho's answers say about one lead.</summary>
/// <param name="ObservedAt">The earliest moment they can speak for: when the first of the calls was sent, in Zoho's clock.</param>
internal abstract record LeadAnswer(string Id, DateTimeOffset ObservedAt);

internal sealed record SeenLead(string Id, DateTimeOffset ObservedAt, LeadContent Content) : LeadAnswer(Id, ObservedAt)
{
    public LeadChanged Changed(Source source) => new(Id, source, ObservedAt, Content);
}

/// <summary>Zoho did not show it. That alone does not mean that it is gone: the answer may lag behind, or we may not see it any
/// more.</summary>
internal sealed record AbsentLead(string Id, DateTimeOffset ObservedAt) : LeadAnswer(Id, ObservedAt)
{
    public LeadChanged Gone(Source source, DateTimeOffset? deletedAt) => new(Id, source, ObservedAt, Content: null, deletedAt);
}

/// <summary>It is there, but the value of a field is not one of the field's type, so that no row can hold it.</summary>
internal sealed record OddLead(string Id, DateTimeOffset ObservedAt, string Field) : LeadAnswer(Id, ObservedAt);
