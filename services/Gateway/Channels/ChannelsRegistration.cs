namespace LeadSync.Gateway.Channels;

internal static class ChannelsRegistration
{
    public static void AddChannels(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ChannelStore>();
        builder.Services.AddSingleton(services =>
            new ChannelTokens(services.GetRequiredService<ChannelStore>().Accepted, services.GetRequiredService<TimeProvider>()));
    }
}
