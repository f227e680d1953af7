using LeadSync.ServiceDefaults;

namespace LeadSync.Projector.Privacy;

/// <param name="DeletedForDays">For how many days a lead has to be deleted until its events are masked; null for ever.</param>
internal sealed record RetentionOptions(int? DeletedForDays = null)
{
    private const string Key = "Privacy__MaskDeletedAfterDays";
    private const int Most = 36_500;

    public static RetentionOptions From(Settings settings) => settings.Count(Key, 1) switch
    {
        null => new(),
        <= Most and var days => new((int)days),
        _ => throw new SettingsException($"{Key} is longer than a hundred years: write a number of days, for example {Key}=365"),
    };
}

internal static class ForgettingRegistration
{
    public static void AddRetention(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(RetentionOptions.From(new Settings(builder.Configuration)));
        builder.Services.AddHostedService<Retention>();
    }
}
