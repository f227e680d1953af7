using LeadSync.Gateway;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Database;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSync.Cli.Doctor;

/// <summary>Makes all checks, each after those that it depends on.</summary>
/// <param name="scheduler">The scheduler's address.</param>
internal sealed class Examination(IConfiguration configuration, Uri scheduler, Findings findings)
{
    private readonly Settings settings = new(configuration);

    public async Task Run(bool isRunning, string? readerRole, CancellationToken ct)
    {
        KnownKeys.Judge(configuration, findings);
        IReadOnlyList<string>? fields = null;
        if (Read(() => ZohoOptions.From(settings)) is { } zoho)
        {
            await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(zoho)
                .AddSingleton(new BudgetSetting(settings.Count("Zoho__DailyCredits", least: 1))).AddZohoAccess().BuildServiceProvider();
            fields = await ActivatorUtilities.CreateInstance<ZohoChecks>(services, findings).Run(ct);
            if (Read(() => GatewayOptions.From(settings, zoho.CallbackSecret())) is { } gateway)
            {
                if (Read(() => InternalListener.Urls(settings)) is { } listeners)
                    ServiceChecks.JudgeListeners(new Uri(gateway.NotifyUrl), listeners.Count > 0, findings);
                await new PublicUrlChecks(gateway, zoho.AccountsUrl, findings, TimeProvider.System).Run(isRunning, ct);
            }
        }

        if (Read(() => Broker.From(settings)) is { } broker)
            await new RabbitMqChecks(broker, findings).Run(isRunning, ct);
        if (Read(() => PostgresSettings.Read(settings)) is { } database)
            await new PostgresChecks(database, settings.Flag("Database__AutoMigrate", true), findings)
                .Run(isRunning, readerRole, fields, ct);
        await new ServiceChecks(settings, scheduler, findings).Run(isRunning, ct);

        findings.Ok(Diagnoses.Configuration, "complete");
        findings.Skip($"{Diagnoses.Configuration.Code} comes first", Diagnoses.All);
    }

    private T? Read<T>(Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (SettingsException e)
        {
            findings.Fail(Diagnoses.Configuration, e.Message);
            return null;
        }
    }
}
