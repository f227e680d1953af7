using System.Text;
using Markdig;

namespace LeadSync.Scheduler.Console;

/// <summary><c>docs/runbooks.md</c> as a page, to which every reason and every alert links.</summary>
internal sealed class Runbooks
{
    private readonly string page;

    public Runbooks()
    {
        using var stream = typeof(Runbooks).Assembly.GetManifestResourceStream("runbooks.md")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var pipeline = new MarkdownPipelineBuilder().UseAutoIdentifiers(Markdig.Extensions.AutoIdentifiers.AutoIdentifierOptions.GitHub)
            .UsePipeTables().DisableHtml().Build();
        page = $"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>Runbooks – LeadSync</title>
              <link rel="icon" href="/console/files/icon.svg" type="image/svg+xml">
              <link rel="stylesheet" href="/console/files/console.css">
            </head>
            <body>
              <header class="top"><a class="brand" href="/">
                <img src="/console/files/icon.svg" alt="" width="20" height="20">LeadSync</a></header>
              <main id="main" class="runbooks">
            {Markdown.ToHtml(reader.ReadToEnd(), pipeline)}
              </main>
            </body>
            </html>
            """;
    }

    public IResult Answer(HttpContext context)
    {
        ConsoleFiles.Protect(context.Response);
        return Results.Text(page, "text/html; charset=utf-8");
    }
}
