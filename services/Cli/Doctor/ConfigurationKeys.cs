using System.Text;

namespace LeadSync.Cli.Doctor;

/// <summary>
/// The keys that the services read, with the text of the tables in <c>docs/configuration.md</c> and, for alerts, in
/// <c>docs/operations.md</c>.
/// </summary>
internal static class ConfigurationKeys
{
    public static IReadOnlyList<KeySection> Sections { get; } =
    [
        new("All services", [
            new(["ConnectionStrings__Postgres"],
                "Npgsql connection string; `Host=db1,db2` finds the server that takes writes",
                "required"),
            new(["ConnectionStrings__RabbitMq"],
                "`amqp://user:password@host:port/vhost`, or `amqps://…?cacertfile=…&certfile=…&keyfile=…`",
                "required"),
            new(["ASPNETCORE_URLS"], "address to listen on", "gateway `:8080`, projector `:8081`, scheduler `:8082`"),
            new(["Database__AutoMigrate"],
                "`true`: the service creates or upgrades its schema at start. `false`: run the service once with the argument "
                    + "`migrate`",
                "`true`"),
            new(["Bus__Patience"],
                "a service ends, to be started again, when for this long it processes none of the messages that wait or that it holds",
                "`00:02:00`"),
            new(["Shutdown__Drain"],
                "after SIGTERM the service reports that it is not ready, but keeps serving for this long, so that the load balancer "
                    + "can react",
                "`00:00:00`"),
            new(["OTEL_EXPORTER_OTLP_ENDPOINT"], "address to which the service pushes traces and metrics", "empty: it pushes none"),
        ]),
        new("Gateway", [
            new(["Zoho__AccountsUrl"], "OAuth host of your data centre", "`https://accounts.zoho.com`"),
            new(["Zoho__ApiUrl"], "overrides the API host that Zoho names with the token", "empty"),
            new(["Zoho__ApiVersion"], "`v6`, `v7` or `v8`", "`v8`"),
            new(["Zoho__ClientId", "Zoho__ClientSecret", "Zoho__RefreshToken"], "credentials (*File*)", "required"),
            new(["Zoho__Fields"], "comma-separated API names of the fields to sync", "every field that Zoho can export"),
            new(["Zoho__DailyCredits"], "API credits that LeadSync may spend in 24 hours", "no limit"),
            new(["Zoho__CreditReserve"],
                "credits that catch-ups and comparisons leave free for live changes",
                "`1000`, or a fifth of `Zoho__DailyCredits` if that is less"),
            new(["Zoho__ParallelCalls"],
                "calls that all gateways together make at the same time. Zoho allows 5 on the smallest edition, 10 to 25 on others",
                "`5`"),
            new(["Gateway__PublicUrl"], "address at which Zoho reaches the gateway", "required"),
            new(["Gateway__InternalUrls"],
                "addresses to listen on for what only the projector asks for, and for metrics, for example `http://+:8081`. "
                    + "`ASPNETCORE_URLS` then serves only what Zoho calls",
                "empty: `ASPNETCORE_URLS` serves everything, with a warning"),
        ]),
        new("Projector", [
            new(["Gateway__InternalUrl"], "address at which the projector reaches the gateway", "required"),
            new(["Feed__KeepDays"], "days for which changes stay in `legacy.lead_changes`", "`90`"),
            new(["Feed__Webhook__Url"],
                "address to which the projector posts changes of leads as JSON: [webhooks](view.md#webhooks)",
                "empty: none"),
            new(["Feed__Webhook__Secret"], "`whsec_…`: signs the posts by the Standard Webhooks scheme (*File*)", "empty: no signature"),
            new(["Privacy__MaskDeletedAfterDays"],
                "days after a lead's deletion until LeadSync removes its content from the events: [privacy](privacy.md)",
                "empty: never"),
        ]),
        new("Scheduler", [
            new(["Scheduler__CatchUpInterval"], "time between two catch-ups", "`01:00:00`"),
            new(["Scheduler__FullComparisonInterval"], "time between two full comparisons", "`1.00:00:00`"),
            new(["Scheduler__MaximumRemovalShare"],
                "from 0 to 1. When a full comparison misses a greater share of the leads, LeadSync removes none until an operator "
                    + "approves",
                "`0.05`"),
            new(["Scheduler__ChannelLifetime"], "lifetime of the channel that LeadSync asks for. Zoho may grant less", "`1.00:00:00`"),
            new(["Console__TracesUrl"],
                "address of Jaeger, or an address with `{traceId}` in it, to which the console links traces",
                "empty"),
        ]),
        new("Access", [
            new(["Access__ActionToken"],
                "token that every action (`POST` to the scheduler) carries as `Authorization: Bearer …`. At least 16 characters "
                    + "(*File*). The older name `Console__ActionToken` works too",
                "empty: nobody can start an action"),
            new(["Access__ReadToken"],
                "token that reading leads, lists, the log and the console takes. The action token serves too (*File*)",
                "empty: only health, metrics and the status can be read"),
            new(["Access__TrustLoopback"],
                "`true`: requests from this machine with a loopback host name need no token, if a program of the service's own user "
                    + "or of root sends them ([security](../README.md#security)). `./leadsync up` sets it",
                "`false`"),
            new(["Access__Hosts"],
                "comma-separated host names of the scheduler, of the projector and of the gateway's internal address. LeadSync "
                    + "refuses requests for other names",
                "any name; on the loopback interface, only loopback names"),
            new(["Access__UserHeader"],
                "header in which a proxy names the person whom it has authenticated. This person may read, and the log names them",
                "empty"),
            new(["Access__TrustedProxies"],
                "addresses or networks of the proxies whose `Access__UserHeader` LeadSync believes",
                "required with `Access__UserHeader`"),
        ]),
        new("Alerts", [
            new(["Alerts__Webhooks__0__Url"],
                "address to which the scheduler posts JSON: `type`, `timestamp`, and in `data` what is wrong, since when, and "
                    + "`runbookUrl`. The second webhook has the number 1, and so on",
                "empty: no webhook"),
            new(["Alerts__Webhooks__0__Secret"],
                "`whsec_…`: signs the request by the [Standard Webhooks](https://www.standardwebhooks.com) scheme (*File*)",
                "empty: no signature"),
            new(["Alerts__Webhooks__0__Format"],
                "`generic`, or `slack` or `teams` for the text that their incoming webhooks accept",
                "`generic`"),
            new(["Alerts__Mail__Server"], "`host:port` of an SMTP server; an IPv6 address in brackets", "empty: no mail"),
            new(["Alerts__Mail__From", "Alerts__Mail__To"],
                "sender and recipients (comma-separated)",
                "required with `Alerts__Mail__Server`"),
            new(["Alerts__Mail__User"], "login, if the server asks for one", "empty: no login"),
            new(["Alerts__Mail__Password"], "password of the login (*File*)", "required with `Alerts__Mail__User`"),
            new(["Alerts__Mail__Tls"], "`true`: the scheduler refuses to send mail without encryption", "`true`"),
            new(["Alerts__RemindAfter"], "time after which the scheduler repeats an alert; `00:00:00`: never", "`04:00:00`"),
            new(["Alerts__ConsoleUrl"], "address of the console, to which messages link", "empty: no link"),
        ]),
    ];

    /// <summary>All sections as Markdown.</summary>
    public static string Document() => string.Join('\n', Sections.Select(section => $"## {section.Title}\n\n{section.Table()}"));
}

/// <param name="Title">The heading of the table in the documents.</param>
internal sealed record KeySection(string Title, IReadOnlyList<ConfigurationKey> Keys)
{
    /// <summary>The section's table as Markdown.</summary>
    public string Table()
    {
        var text = new StringBuilder("| Key | Meaning | Default |\n|---|---|---|\n");
        foreach (var key in Keys)
            text.Append($"| {string.Join(", ", key.Names.Select(name => $"`{name}`"))} | {key.Meaning} | {key.Default} |\n");
        return text.ToString();
    }
}

/// <param name="Names">Keys with one meaning, without <c>…File</c>. The number 0 stands for any number.</param>
/// <param name="Meaning">Markdown.</param>
/// <param name="Default">Markdown: a value in backticks, or what holds without one.</param>
internal sealed record ConfigurationKey(IReadOnlyList<string> Names, string Meaning, string Default);
