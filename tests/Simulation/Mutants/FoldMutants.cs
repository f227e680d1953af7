using LeadSync.Contracts;
using LeadSync.Projector.Leads;

namespace LeadSync.Simulation.Mutants;

internal sealed class FirstOfASecondStays : Seams
{
    public override Lead Fold(Lead lead, LeadChanged change, Content? content) =>
        content is not null && content.ModifiedTime == lead.Content?.ModifiedTime
            ? base.Fold(lead, change, content) with { Content = lead.Content }
            : base.Fold(lead, change, content);
}

internal sealed class LastArrivalWins : Seams
{
    public override Lead Fold(Lead lead, LeadChanged change, Content? content) =>
        content is null ? base.Fold(lead, change, content) : base.Fold(lead, change, content) with { Content = content };
}

internal sealed class FinalTombstones : Seams
{
    public override Lead Fold(Lead lead, LeadChanged change, Content? content) =>
        content is not null && lead.Absence is not null ? lead : base.Fold(lead, change, content);
}

internal sealed class AbsenceAlwaysCounts : Seams
{
    public override Lead Fold(Lead lead, LeadChanged change, Content? content) =>
        content is null && lead.LastSeen is { } seen && seen > change.ObservedAt
            ? base.Fold(lead, change with { ObservedAt = seen }, content)
            : base.Fold(lead, change, content);
}

internal sealed class EverythingIsAnEvent : Seams
{
    public override bool IsEvent(Lead before, Lead after) => true;
}

internal sealed class BulkRowsOverwrite : Seams
{
    public override Lead Fold(Lead lead, LeadChanged change, Content? content) =>
        content is not null && change.Source == Source.BulkPage
            ? base.Fold(lead, change, content) with { Content = content }
            : base.Fold(lead, change, content);
}

internal sealed class BulkRowsAreFresh : Seams
{
    public override LeadChanged Row(LeadChanged row, DateTimeOffset now) => row with { ObservedAt = now };
}
