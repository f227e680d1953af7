using System.Text.Json;

namespace LeadSync.ServiceDefaults;

/// <summary>Reads <c>appsettings.json</c>.</summary>
public static class SettingsFile
{
    /// <param name="read">Builds a configuration.</param>
    /// <exception cref="SettingsException">The file is malformed, or may not be read.</exception>
    public static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        // The innermost exception repeats a piece of the file, which may be a secret. This one only names the file.
        catch (InvalidDataException e)
        {
            var place = e.GetBaseException() is JsonException { LineNumber: { } line } ? $" at line {line + 1}" : "";
            throw new SettingsException($"{e.Message.TrimEnd('.')}{place}: write JSON in which no key occurs twice, for example "
                + """{ "Zoho": { "ApiVersion": "v8" } }""");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SettingsException($"{e.Message.TrimEnd('.')}: let the service read the file, for example with chmod a+r");
        }
    }
}
