using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LeadSync.IntegrationTests.Deployment;
using LeadSync.TestSupport.Network;

namespace LeadSync.IntegrationTests.Alerts;

/// <summary>Receives webhooks. It refuses the first attempt at each, and sends callers of <c>/login</c> elsewhere.</summary>
internal sealed class WebhookTarget : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentDictionary<string, int> attempts = new();

    public WebhookTarget()
    {
        Url = $"http://127.0.0.1:{FreePort.Take()}/";
        listener.Prefixes.Add(Url);
        listener.Start();
        _ = TakeAsync();
    }

    public string Url { get; }

    /// <summary>The headers and bodies that were accepted.</summary>
    public ConcurrentQueue<(WebHeaderCollection Headers, string Body)> Taken { get; } = new();

    public void Dispose() => listener.Close();

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var body = await reader.ReadToEndAsync();
                if (context.Request.Url!.AbsolutePath == "/login")
                {
                    context.Response.Redirect(Url);
                    context.Response.Close();
                    continue;
                }

                var isFirst = attempts.AddOrUpdate(context.Request.Headers["webhook-id"] ?? "", 1, (_, before) => before + 1) == 1;
                context.Response.StatusCode = isFirst ? 500 : 204;
                if (!isFirst)
                    Taken.Enqueue((new WebHeaderCollection { context.Request.Headers }, body));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}

/// <summary>Receives mail without login, and without encryption unless it gets the means for it.</summary>
internal sealed class MailTarget : IDisposable
{
    private readonly TcpListener listener;
    private readonly PrivateTls? tls;

    public MailTarget(PrivateTls? tls = null)
    {
        this.tls = tls;
        Port = FreePort.Take();
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _ = TakeAsync();
    }

    public int Port { get; }

    public ConcurrentQueue<string> Taken { get; } = new();

    public void Dispose() => listener.Dispose();

    private async Task TakeAsync()
    {
        try
        {
            while (true)
                _ = TalkAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var owned = client;
        await TalkAsync(client.GetStream(), isEncrypted: tls is null, greeting: "220 test");
    }

    private async Task TalkAsync(Stream stream, bool isEncrypted, string? greeting = null)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        if (greeting is not null)
            await writer.WriteLineAsync(greeting);
        while (await reader.ReadLineAsync() is { } command)
        {
            if (!isEncrypted && command.StartsWith("EHLO", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("250-test");
                await writer.WriteLineAsync("250 STARTTLS");
                continue;
            }

            if (!isEncrypted)
            {
                await writer.WriteLineAsync(
                    command.StartsWith("STARTTLS", StringComparison.OrdinalIgnoreCase) ? "220 go on" : "530 STARTTLS first");
                if (command.StartsWith("STARTTLS", StringComparison.OrdinalIgnoreCase))
                    await TalkAsync(await tls!.Upgrade(stream), isEncrypted: true);
                continue;
            }

            if (command.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync("354 go on");
                var mail = new StringBuilder();
                while (await reader.ReadLineAsync() is { } line && line != ".")
                    mail.AppendLine(line);
                Taken.Enqueue(mail.ToString());
            }

            await writer.WriteLineAsync(command.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase) ? "221 bye" : "250 ok");
        }
    }
}
