using System.CommandLine;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Services;

namespace LeadSync.DevStack.Up;

/// <param name="Leads">The number of leads that the simulated Zoho has at first.</param>
/// <param name="ApiVersion">The version of Zoho's API.</param>
/// <param name="Port">The first of four ports for gateway, projector, scheduler and simulator; null takes free ones.</param>
internal sealed record UpOptions(int Leads, string ApiVersion, int? Port)
{
    public ServiceSettings ToSettings(LocalInfrastructure infrastructure, Traces traces)
    {
        var settings = new ServiceSettings(infrastructure.Postgres.ConnectionString, infrastructure.RabbitMq.Address)
        {
            ApiVersion = ApiVersion,
            Leads = Leads,
            More = traces.Environment,
        };
        return Port is { } first
            ? settings with { GatewayPort = first, ProjectorPort = first + 1, SchedulerPort = first + 2, SimulatorPort = first + 3 }
            : settings;
    }

    public static Command CreateCommand(Func<UpOptions, CancellationToken, Task<int>> run)
    {
        var leads = new Option<int>("--leads")
        {
            Description = "how many leads the simulated Zoho has at first", DefaultValueFactory = _ => 25_000
        };
        var apiVersion = new Option<string>("--api-version")
        {
            Description = "the version of Zoho's API to speak", DefaultValueFactory = _ => "v8"
        };
        apiVersion.AcceptOnlyFromAmong("v6", "v7", "v8");
        var port = new Option<int?>("--port")
        {
            Description = "the first of four ports, for gateway, projector, scheduler and simulator; free ones when left out"
        };
        leads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--leads has to be at least 1.");
        });

        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > ushort.MaxValue - 3)
                result.AddError($"--port takes a number from 1 to {ushort.MaxValue - 3}, for example --port 8080");
        });

        var command = new Command(
            "up", "Start everything on this machine, sync simulated leads, and keep syncing live edits until Ctrl-C.") { leads, apiVersion,
            port };
        command.SetAction((parsed, cancellationToken) =>
            run(new UpOptions(parsed.GetValue(leads), parsed.GetValue(apiVersion)!, parsed.GetValue(port)), cancellationToken));
        return command;
    }
}
