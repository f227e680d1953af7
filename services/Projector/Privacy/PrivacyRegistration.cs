using LeadSync.ServiceDefaults;

namespace LeadSync.Projector.Privacy;

internal static class PrivacyRegistration
{
    public static void AddPrivacy(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(RetentionOptions.From(new Settings(builder.Configuration)));
        builder.Services.AddHostedService<Retention>();
    }
}
