using System.CommandLine;

namespace LeadSync.Cli.CommandLine;

/// <summary>The options that every command has.</summary>
internal static class SharedOptions
{
    public const string UrlVariable = "LEADSYNC_URL";
    public const string TokenVariable = "LEADSYNC_TOKEN";

    public static Option<bool> Json { get; } = new("--json") { Description = "write JSON instead of text", Recursive = true };

    public static Option<string?> Url { get; } = Address(
        "--url", $"the scheduler's address; else {UrlVariable}, else a sync that runs in this repository, else http://localhost:8082");

    public static Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = $"a file with the action token, or for reading with the read token; else {TokenVariable}",
        Recursive = true,
    };

    public static IEnumerable<Option> All => [Url, TokenFile, Json];

    private static Option<string?> Address(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, Recursive = true };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IsAddress(text))
                result.AddError($"{name} takes an http or https address, for example {name} http://localhost:8082");
        });
        return option;
    }

    public static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
