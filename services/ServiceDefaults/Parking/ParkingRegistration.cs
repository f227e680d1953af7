using LeadSync.ServiceDefaults.Database;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadSync.ServiceDefaults.Parking;

public static class ParkingRegistration
{
    /// <param name="services">Services with a registered <see cref="NpgsqlDataSource"/>.</param>
    /// <param name="service">The service that parks the items.</param>
    public static IServiceCollection AddParking(this IServiceCollection services, string service) =>
        services
            .AddSingleton(provider => new ParkingLot(provider.GetRequiredService<NpgsqlDataSource>(), service))
            .AddSingleton<IParkingLot>(provider => provider.GetRequiredService<ParkingLot>());

    public static async Task MigrateParking(this IServiceProvider services, CancellationToken ct)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await database.ApplyScript(typeof(ParkingLot).Assembly, "parking.sql", ct);
        await database.AddColumns(ct, ("parking.running", "not_ready", "text"));
    }
}
