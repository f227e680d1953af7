using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace LeadSync.Scheduler.Console;

/// <summary>The console's pages, scripts and styles: embedded in the program, so that there is nothing to deploy beside it.</summary>
internal sealed class ConsoleFiles
{
    private const string Prefix = "console/";

    // No page of ours loads, frames, posts to or is framed by anything that is not ours.
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
        // A page that asks for the token stands for another one, which the browser must not take it for.
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
        return (content, $"{type}; charset=utf-8", new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\""));
    }
}
