using ArchUnitNET.Loader;
using LeadSync.Cli.Doctor;
using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Projector;
using LeadSync.Scheduler;
using LeadSync.ServiceDefaults;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace LeadSync.UnitTests.Architecture;

/// <summary>Which folders may use which library. A folder is a namespace. All other folders may not.</summary>
public sealed class BoundaryTests
{
    private static readonly ArchUnitNET.Domain.Architecture Services = new ArchLoader().LoadAssemblies(
        typeof(LeadChanged).Assembly,
        typeof(Service).Assembly,
        typeof(GatewayOptions).Assembly,
        typeof(GatewayClient).Assembly,
        typeof(SchedulerOptions).Assembly,
        typeof(Findings).Assembly).Build();

    private static readonly Dictionary<string, Boundary> Boundaries = new()
    {
        ["MassTransit"] = new(
            Library: @"^MassTransit(\.|$)",
            SeenBy:
            [
                @"^LeadSync\.ServiceDefaults\.Bus\.",
                @"^LeadSync\.Gateway\.Bus\.",
                @"^LeadSync\.Projector\.Bus\.",
                @"^LeadSync\.Scheduler\.Recording\.",
                // They inspect the bus, or send to a queue by its name.
                @"^LeadSync\.ServiceDefaults\.Presence\.InFlight$",
                @"^LeadSync\.Gateway\.Notifications\.ReceivingHeartbeat$",
                @"^LeadSync\.Scheduler\.Reconciling\.",
                @"^LeadSync\.Scheduler\.Parking\.",
            ],
            Because: "version 8 is maintained until the end of 2026 and version 9 is commercial, so that the bus has to be replaceable "
                + "at one seam (docs/decisions/0064)"),

        ["Marten"] = new(
            Library: @"^(Marten|JasperFx|Weasel)(\.|$)",
            SeenBy:
            [
                @"^LeadSync\.Projector\.Leads\.",
                @"^LeadSync\.Projector\.EventTables\.(LeadRegisters|LeadStream)",
                @"^LeadSync\.Projector\.LegacyView\.(LegacyViewProjection|MisfitValues)",
                @"^LeadSync\.Scheduler\.Recording\.",
                @"^LeadSync\.(Projector|Scheduler)\.Schema$",
            ],
            Because: "an event store is configured and appended to in one folder of each service that has one; "
                + "what shares its transaction is named here"),

        ["HttpClient"] = new(
            Library: @"^System\.Net\.Http\.HttpClient$",
            SeenBy:
            [
                @"^LeadSync\.Gateway\.Zoho\.Calls\.ZohoWire$",
                @"^LeadSync\.Gateway\.Zoho\.Tokens\.TokenEndpoint$",
                @"^LeadSync\.Gateway\.Zoho\.ZohoRegistration$",
                @"^LeadSync\.Projector\.GatewayClient$",
                @"^LeadSync\.Scheduler\.Alerts\.AlertSender$",
                @"^LeadSync\.Projector\.Feed\.ChangeWebhook$",
                @"^LeadSync\.ServiceDefaults\.Health\.HealthProbe$",
                @"^LeadSync\.ServiceDefaults\.Network\.Outward$",
                @"^LeadSync\.Cli\.",
            ],
            Because: "a call to Zoho without the client in Gateway/Zoho/Calls is neither counted, nor limited, nor tried again, "
                + "and nobody else may know Zoho"),

        ["Npgsql"] = new(
            Library: @"^Npgsql(\.|$)",
            SeenBy:
            [
                @"^LeadSync\.ServiceDefaults\.",
                @"^LeadSync\.Gateway\.(BulkReads|Channels|Credits|Notifications)\.",
                @"^LeadSync\.Gateway\.Zoho\.(Calls|Tokens)\.",
                @"^LeadSync\.Projector\.(BulkPages|EventTables|Feed|FirstLoad|Privacy|FullComparisons|Leads|LegacyView|Names|Rebuilds)\.",
                @"^LeadSync\.Scheduler\.(Actions|Alerts|Console|Leads|Parking|Reconciling|Recording|Status)\.",
                @"^LeadSync\.Scheduler\.PublishedTables$",
                @"^LeadSync\.(Gateway|Projector|Scheduler)\.Schema$",
                @"^LeadSync\.Cli\.(Doctor|Preview)\.",
            ],
            Because: "what reads Zoho and what plans has nothing to do with tables"),

        ["anything but the language and the contracts"] = new(
            Library: @"^(?!System(\.|$)|LeadSync\.Contracts\.|LeadSync\.Scheduler\.Planning\.|LeadSync\.Scheduler\.SchedulerOptions$"
                + @"|Microsoft\.CodeAnalysis\.|<)",
            SeenBy: [@"^LeadSync\.(?!Contracts\.|Scheduler\.Planning\.)"],
            Because: "contracts cross the broker without packages, and the plan is a pure function of state and time"),

        ["the clock"] = new(
            Library: @"^System\.TimeProvider$",
            SeenBy: [@"^LeadSync\.(?!Contracts\.|Scheduler\.Planning\.)"],
            Because: "decisions take the time as a parameter"),
    };

    public static TheoryData<string> Names => [.. Boundaries.Keys];

    [Theory, MemberData(nameof(Names))]
    public void a_library_is_used_only_in_the_named_folders(string name)
    {
        var boundary = Boundaries[name];

        Strangers(boundary).ShouldBeEmpty($"They may not see {name}, because {boundary.Because}.");
    }

    /// <summary>A pattern that matches no type hides that a rule allows more than it says.</summary>
    [Theory, MemberData(nameof(Names))]
    public void every_named_folder_uses_its_library(string name)
    {
        var boundary = Boundaries[name];

        foreach (var folder in boundary.SeenBy)
        {
            Strangers(boundary with { SeenBy = [.. boundary.SeenBy.Except([folder])] })
                .ShouldNotBeEmpty($"Nobody in {folder} sees {name} any more: take it off the list.");
        }
    }

    private static IReadOnlyList<string> Strangers(Boundary boundary)
    {
        var seenBy = string.Join('|', boundary.SeenBy);
        var rule = Types().That().ResideInAssemblyMatching("^LeadSync").And().DoNotHaveFullNameMatching(seenBy)
            .Should().NotDependOnAnyTypesThat().HaveFullNameMatching(boundary.Library);
        return
        [
            .. rule.Evaluate(Services).Where(result => !result.Passed).Select(result => result.Description).Order(StringComparer.Ordinal)
        ];
    }

    /// <param name="Library">The full names of its types.</param>
    /// <param name="SeenBy">The full names of the types that may depend on it.</param>
    private sealed record Boundary(string Library, string[] SeenBy, string Because);
}
