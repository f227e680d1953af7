using LeadSync.ServiceDefaults;

namespace LeadSync.Scheduler.Console;

/// <param name="TracesUrl">Where a trace can be looked at: Jaeger's address, or one with <c>{traceId}</c> in it.</param>
internal sealed record ConsoleOptions(Uri? TracesUrl)
{
    public static ConsoleOptions From(Settings settings) => new(settings.OptionalUrl("Console__TracesUrl", "http://localhost:16686"));

    /// <summary>Where a trace can be looked at; null when that is not configured, or there is none.</summary>
    public string? TraceUrl(string? traceId) => TracesUrl is null || string.IsNullOrEmpty(traceId)
        ? null
        : TracesUrl.OriginalString.Contains("{traceId}", StringComparison.Ordinal)
            ? TracesUrl.OriginalString.Replace("{traceId}", traceId, StringComparison.Ordinal)
            : $"{TracesUrl.OriginalString.TrimEnd('/')}/trace/{traceId}";
}
