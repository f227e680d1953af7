using LeadSync.ServiceDefaults;

namespace LeadSync.Scheduler.Console;

/// <param name="TracesUrl">Jaeger's address, or an address of traces with <c>{traceId}</c> in it.</param>
internal sealed record ConsoleOptions(Uri? TracesUrl)
{
    public static ConsoleOptions From(Settings settings) => new(settings.OptionalUrl("Console__TracesUrl", "http://localhost:16686"));

    /// <summary>The address of a trace; null when no address is configured, or there is no trace.</summary>
    public string? TraceUrl(string? traceId) => TracesUrl is null || string.IsNullOrEmpty(traceId)
        ? null
        : TracesUrl.OriginalString.Contains("{traceId}", StringComparison.Ordinal)
            ? TracesUrl.OriginalString.Replace("{traceId}", traceId, StringComparison.Ordinal)
            : $"{TracesUrl.OriginalString.TrimEnd('/')}/trace/{traceId}";
}
