using LeadSync.ServiceDefaults;

namespace LeadSync.Projector.Privacy;

/// <param name="DeletedForDays">Days after a lead's deletion until its events are masked; null for never.</param>
internal sealed record RetentionOptions(int? DeletedForDays = null)
{
    public static RetentionOptions From(Settings settings) =>
        new(settings.Days("Privacy__MaskDeletedAfterDays", mostYears: 100, example: 365));
}
