using System.Globalization;
using System.Text.Json.Serialization;
using LeadSync.ZohoSimulator.Clock;

namespace LeadSync.ZohoSimulator;

internal static class Settings
{
    /// <summary>The settings of the whole simulator: options, dials, clock, chance, address.</summary>
    public static void AddSettings(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection("Simulator");
        builder.Services.AddSingleton(Read<SimulatorOptions>(section));
        builder.Services.AddSingleton(Read<Dials>(section));
        builder.Services.AddSingleton<Chance>();
        builder.Services.AddSingleton<VirtualClock>();
        builder.Services.AddSingleton<UserTime>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
            builder.WebHost.UseUrls("http://localhost:8090");
    }

    /// <summary>The port of a simulator with the same environment.</summary>
    public static int Port()
    {
        var environment = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").Build();
        return environment["urls"] is { Length: > 0 } urls ? BindingAddress.Parse(urls.Split(';')[0]).Port
            : int.TryParse(environment["http_ports"]?.Split(';')[0], CultureInfo.InvariantCulture, out var port) ? port
            : 8090;
    }

    private static T Read<T>(IConfigurationSection section)
        where T : new()
    {
        var known = typeof(SimulatorOptions).GetProperties().Concat(typeof(Dials).GetProperties()).Select(property => property.Name);
        var unknown = section.GetChildren().Select(child => child.Key).Except(known, StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        return unknown is null
            ? section.Get<T>() ?? new T()
            : throw new InvalidOperationException(
                $"Simulator__{unknown} is neither option nor dial: SimulatorOptions.cs and Dials*.cs name them");
    }
}
