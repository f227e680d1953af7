using System.Diagnostics.Metrics;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Gateway;

/// <summary>The gateway's metrics.</summary>
internal static class GatewayMetrics
{
    private static readonly Counter<long> NotificationCount =
        Count("notifications", "{notification}", "Notifications by the status they were answered with");

    private static readonly Counter<long> HydratedCount =
        Count("hydrated", "{lead}", "Announced leads by what Zoho showed of them");

    private static readonly Counter<long> CallCount =
        Count("zoho.calls", "{call}", "Calls to Zoho by kind and outcome");

    private static readonly Counter<long> CreditCount =
        Count("zoho.credits", "{credit}", "API credits spent, estimated by Zoho's price list");

    private static readonly Counter<long> LateCommandCount =
        Count("commands.late", "{command}", "Commands that were dropped or stopped because they had expired or were replaced");

    private static readonly Histogram<double> WaitDuration = LeadSyncTelemetry.Meter.CreateHistogram<double>(
        "leadsync.gateway.zoho.waited", "s", "How long calls to Zoho waited for their turn, by lane");

    public static void Notification(int status) => NotificationCount.Add(1, new KeyValuePair<string, object?>("status", status));

    public static void Hydrated(HydrationResult hydrated)
    {
        Hydrated("seen", hydrated.Changes.Count(change => change.Content is not null));
        Hydrated("gone", hydrated.Changes.Count(change => change.Content is null));
        Hydrated("later", hydrated.Later.Count);
        Hydrated("given-up", hydrated.GivenUp.Count);
    }

    public static void Hydrated(string outcome, int leads)
    {
        if (leads > 0)
            HydratedCount.Add(leads, new KeyValuePair<string, object?>("outcome", outcome));
    }

    /// <summary>Counts a command that had expired or was replaced.</summary>
    public static void LateCommand(string command) => LateCommandCount.Add(1, new KeyValuePair<string, object?>("command", command));

    public static void Call(string call, string outcome, int credits)
    {
        CallCount.Add(1, new("call", call), new("outcome", outcome));
        CreditCount.Add(credits, new KeyValuePair<string, object?>("call", call));
    }

    /// <summary>Records how long a call waited for its place.</summary>
    public static void Waited(Lane lane, TimeSpan time) =>
        WaitDuration.Record(time.TotalSeconds, new KeyValuePair<string, object?>("lane", Name(lane)));

    private static string Name(Lane lane) => lane switch
    {
        Lane.Channel => "channel",
        Lane.Live => "live",
        _ => "background",
    };

    private static Counter<long> Count(string name, string unit, string description) =>
        LeadSyncTelemetry.Meter.CreateCounter<long>($"leadsync.gateway.{name}", unit, description);
}
