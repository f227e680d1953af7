using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace LeadSync.Scheduler.Console;

/// <summary>The console's pages, scripts and styles. They are embedded in the program, so that there is nothing else to deploy.</summary>
internal sealed class ConsoleFiles
{
    private const string Prefix = "console/";

    // A page loads only the console's own files, sends forms only to the console, and can neither frame nor be framed by other sites.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private readonly Dictionary<string, (byte[] Content, string Type, EntityTagHeaderValue Tag)> files;

    public ConsoleFiles()
    {
        var types = new FileExtensionContentTypeProvider();
        files = typeof(ConsoleFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[Prefix.Length..], name => Read(name, types));
    }

    public IResult Answer(HttpContext context, string name)
    {
        if (!files.TryGetValue(name, out var file))
            return Results.NotFound();

        Protect(context.Response);
        // The page that asks for the token appears at another page's address. The browser must not cache it as that page.
        return context.Response.StatusCode == StatusCodes.Status401Unauthorized
            ? Results.Text(System.Text.Encoding.UTF8.GetString(file.Content), file.Type, statusCode: StatusCodes.Status401Unauthorized)
            : Results.Bytes(file.Content, file.Type, entityTag: file.Tag);
    }

    public static void Protect(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
    }

    private static (byte[] Content, string Type, EntityTagHeaderValue Tag) Read(string name, FileExtensionContentTypeProvider types)
    {
        using var stream = typeof(ConsoleFiles).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var type = types.TryGetContentType(name, out var known) ? known : "application/octet-stream";
        return (content, $"{type}; charset=utf-8",
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\""));
    }
}
