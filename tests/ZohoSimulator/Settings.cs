using LeadSync.ZohoSimulator.Clock;

namespace LeadSync.ZohoSimulator;

internal static class Settings
{
    /// <summary>What does not concern one part of Zoho: options, dials, clock, chance, logging, address.</summary>
    public static void AddSettings(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection("Simulator");
        builder.Services.AddSingleton(section.Get<SimulatorOptions>() ?? new SimulatorOptions());
        builder.Services.AddSingleton(section.Get<Dials>() ?? new Dials());
        builder.Services.AddSingleton<Chance>();
        builder.Services.AddSingleton<VirtualClock>();
        builder.Services.AddSingleton<UserTime>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter()));

        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
            builder.WebHost.UseUrls("http://localhost:8090");
    }
}
