using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Records;

/// <summary>What Zoho's answers say about one lead.</summary>
/// <param name="ObservedAt">The earliest moment they can speak for: when the first of the calls was sent, in Zoho's clock.</param>
internal abstract record LeadAnswer(string Id, DateTimeOffset ObservedAt);

internal sealed record SeenLead(string Id, DateTimeOffset ObservedAt, LeadContent Content) : LeadAnswer(Id, ObservedAt)
{
    /// <summary>Fields whose values are not of their types: what is known of them stays, and all others go on.</summary>
    public IReadOnlyList<string> OddFields { get; init; } = [];

    public LeadChanged Changed(Source source) => new(Id, source, ObservedAt, Content);

    /// <summary>What an operator should see of it; null when all is well.</summary>
    public LeadToPark? Oddity => OddFields.Count == 0 ? null : new OddLead(Id, ObservedAt, OddFields);
}

/// <summary>Zoho did not show it. That alone does not mean that it is gone: the answer may lag behind, or we may not see it any
/// more.</summary>
internal sealed record AbsentLead(string Id, DateTimeOffset ObservedAt) : LeadAnswer(Id, ObservedAt)
{
    public LeadChanged Gone(Source source, DateTimeOffset? deletedAt) => new(Id, source, ObservedAt, Content: null, deletedAt);
}

/// <summary>Nothing can be published of it now: it is parked, where an operator sees it, and everything else goes on.</summary>
internal abstract record LeadToPark(string Id, DateTimeOffset ObservedAt) : LeadAnswer(Id, ObservedAt)
{
    /// <summary>One sentence without lead data.</summary>
    public abstract string Reason { get; }
}

/// <summary>It goes on, but for the values of some fields that are not of the fields' types.</summary>
internal sealed record OddLead(string Id, DateTimeOffset ObservedAt, IReadOnlyList<string> Fields) : LeadToPark(Id, ObservedAt)
{
    public override string Reason =>
        $"{string.Join(", ", Fields)} {(Fields.Count == 1 ? "holds a value that is" : "hold values that are")} not of the field's type: what is known stays until it is corrected in Zoho. Every other field goes on.";
}

/// <summary>It is there, but does not say when it was modified, so that no row can hold it.</summary>
internal sealed record UnstorableLead(string Id, DateTimeOffset ObservedAt, string Field) : LeadToPark(Id, ObservedAt)
{
    public override string Reason => $"{Field} holds a value that is not of its type: correct it in Zoho, then replay this.";
}

/// <summary>Zoho does not give this lead although it gives others.</summary>
internal sealed record UnreadableLead(string Id, DateTimeOffset ObservedAt, ZohoException Problem) : LeadToPark(Id, ObservedAt)
{
    public override string Reason =>
        $"Zoho does not let this lead be read, although it lets others ({Problem.Answer}): see who may read it in Zoho, then replay this.";
}

/// <summary>Zoho could not be asked about it for so long that it is no longer waited for.</summary>
internal sealed record UnaskedLead(string Id, DateTimeOffset ObservedAt) : LeadToPark(Id, ObservedAt)
{
    public override string Reason => "Zoho could not be read for too long: when it can be read again, replay this.";
}
