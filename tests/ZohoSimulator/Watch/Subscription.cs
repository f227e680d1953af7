using System.Text.Json;

namespace LeadSync.ZohoSimulator.Watch;

/// <summary>A channel's subscription to one module.</summary>
internal sealed record Subscription(string ChannelId, WatchedModule Module)
{
    /// <summary>As <c>Leads.edit</c>.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    public required Uri NotifyUrl { get; init; }

    public string? Token { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public bool WithAffectedValues { get; init; }

    public bool OnRelatedActions { get; init; } = true;

    public JsonElement? Condition { get; init; }

    public bool Hears(string operation) => Events.Contains($"{Module.Name}.{operation}");
}

/// <summary>A module that can be watched. Only leads ever change here.</summary>
internal sealed record WatchedModule(string Name, string Id)
{
    /// <summary>Zoho writes v2 here whatever version is called.</summary>
    public string ResourceUri => $"https://www.zohoapis.com/crm/v2/{Name}";

    public static IReadOnlyList<WatchedModule> All { get; } =
    [
        new("Leads", "5725767000000002175"),
        new("Contacts", "5725767000000002179"),
        new("Accounts", "5725767000000002177"),
        new("Deals", "5725767000000002181"),
        new("users", "5725767000000002171"),
    ];

    public static WatchedModule? Find(string name) => All.FirstOrDefault(module => module.Name == name);
}
