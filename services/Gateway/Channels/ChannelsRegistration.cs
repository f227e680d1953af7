namespace LeadSync.Gateway.Channels;

internal static class ChannelsRegistration
{
    public static void AddChannels(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IChannelStore, ChannelStore>();
        builder.Services.AddSingleton(services =>
            new ChannelTokens(services.GetRequiredService<IChannelStore>().Accepted, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<Subscription>();
    }
}
