using Microsoft.Extensions.Configuration;

namespace LeadSync.ServiceDefaults;

/// <summary>Reads configuration. A missing or malformed value throws one sentence that names the key and gives an example.</summary>
/// <remarks>Keys are written as environment variables (<c>Zoho__ApiVersion</c>); appsettings.json has the same keys, nested. A message
/// never repeats a value, since it may be a secret.</remarks>
public sealed class Settings(IConfiguration configuration)
{
    public string? Optional(string key) =>
        configuration[key.Replace("__", ":", StringComparison.Ordinal)] is { } value && !string.IsNullOrWhiteSpace(value)
            ? value.Trim() : null;

    public string Required(string key, string example) =>
        Optional(key) ?? throw new SettingsException($"{key} is missing: set it, for example {key}={example}");

    /// <summary>A secret: the value of <paramref name="key"/>, or the content of the file whose path is the value of <paramref name="key"/>
    /// followed by <c>File</c>.</summary>
    public string Secret(string key, string example)
    {
        if (Optional(key + "File") is not { } path)
            return Optional(key) ?? throw new SettingsException(
                $"{key} is missing: set it, for example {key}={example}, or {key}File to the path of a file that holds it");

        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } secret
                ? secret
                : throw new SettingsException($"{key}File names an empty file: write the secret into it, or set {key}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                $"{key}File names a file that cannot be read: check the path and its permissions, for example {key}File=/run/secrets/zoho");
        }
    }

    public Uri Url(string key, string example) =>
        AsUrl(key, Required(key, example), example);

    public Uri Url(string key, Uri fallback) =>
        Optional(key) is { } value ? AsUrl(key, value, fallback.ToString()) : fallback;

    public Uri? OptionalUrl(string key, string example) =>
        Optional(key) is { } value ? AsUrl(key, value, example) : null;

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan least)
    {
        if (Optional(key) is not { } value)
            return fallback;

        return TimeSpan.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var duration) && duration >= least
            ? duration
            : throw new SettingsException(
                $"{key} is not a duration of at least {least:c}: write days.hours:minutes:seconds, for example {key}={fallback:c}");
    }

    public long? Count(string key, long least)
    {
        if (Optional(key) is not { } value)
            return null;

        return long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var count) && count >= least
            ? count
            : throw new SettingsException(
                $"{key} is not a whole number of at least {least}: write one, for example {key}={Math.Max(least, 5000)}");
    }

    /// <summary>A number of days. A number that is too large is a typing error.</summary>
    public int? Days(string key, int mostYears, int example) => Count(key, 1) switch
    {
        null => null,
        { } days when days <= 365L * mostYears => (int)days,
        _ => throw new SettingsException($"{key} is longer than {mostYears} years: write a number of days, for example {key}={example}"),
    };

    public double Share(string key, double fallback)
    {
        if (Optional(key) is not { } value)
            return fallback;

        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return double.TryParse(value, culture, out var share) && share is >= 0 and <= 1
            ? share
            : throw new SettingsException(
                string.Create(culture, $"{key} is not a number from 0 to 1: write one, for example {key}={fallback}"));
    }

    public bool Flag(string key, bool fallback)
    {
        if (Optional(key) is not { } value)
            return fallback;

        return bool.TryParse(value, out var flag)
            ? flag
            : throw new SettingsException(
                $"{key} is neither true nor false: write one of them, for example {key}={(fallback ? "true" : "false")}");
    }

    public string OneOf(string key, string fallback, params string[] choices)
    {
        var value = Optional(key) ?? fallback;
        return choices.FirstOrDefault(choice => choice.Equals(value, StringComparison.OrdinalIgnoreCase))
            ?? throw new SettingsException(
                $"{key} is not one of {string.Join(", ", choices)}: write one of them, for example {key}={fallback}");
    }

    private static Uri AsUrl(string key, string value, string example) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new SettingsException($"{key} is not an http or https address: write one, for example {key}={example}");
}

/// <summary>A configuration value is missing or malformed. Operators see the message as it is.</summary>
public sealed class SettingsException(string message) : Exception(message);
