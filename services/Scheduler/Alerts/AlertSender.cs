using System.Text;
using LeadSync.ServiceDefaults.Webhooks;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace LeadSync.Scheduler.Alerts;

/// <summary>Sends a message to one of the configured targets, without retries.</summary>
internal sealed class AlertSender(AlertOptions options, IHttpClientFactory clients, TimeProvider clock)
{
    public const string Client = "alerts";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>Why the target did not accept it; null when it did.</returns>
    public async Task<string?> Send(string target, AlertMessage message, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            if (target == MailTarget.Name && options.Mail is { } mail)
            {
                await Mail(mail, message, patience.Token);
                return null;
            }

            return options.Webhooks.FirstOrDefault(webhook => webhook.Name == target) is { } known
                ? await Post(known, message, patience.Token)
                : "It is no longer configured.";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"{target} did not answer within {Patience.TotalSeconds:0} s.";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or MailKit.CommandException or MailKit.ProtocolException
            or AuthenticationException or SslHandshakeException or System.Net.Sockets.SocketException or ParseException)
        {
            return e.GetBaseException().Message;
        }
    }

    private async Task<string?> Post(WebhookTarget target, AlertMessage message, CancellationToken ct)
    {
        var body = message.Body(target.Format);
        using var request = target.Format == WebhookFormat.Generic
            ? SignedWebhook.Request(target.Url, target.Secret, $"msg_{message.Id:n}", clock.GetUtcNow(), body)
            : new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var client = clients.CreateClient(Client);
        using var answer = await client.SendAsync(request, ct);
        return answer.IsSuccessStatusCode ? null : $"{target.Name} answers {(int)answer.StatusCode}.";
    }

    private static async Task Mail(MailTarget target, AlertMessage message, CancellationToken ct)
    {
        using var mail = new MimeMessage { Subject = message.Subject, Body = new TextPart("plain") { Text = message.Plain } };
        mail.From.Add(MailboxAddress.Parse(target.Sender));
        mail.To.AddRange(target.Recipients.Select(MailboxAddress.Parse));
        mail.MessageId = $"{message.Id:n}@leadsync";
        // A private authority usually publishes no list of revoked certificates.
        using var smtp = new SmtpClient { CheckCertificateRevocation = false };
        await smtp.ConnectAsync(target.Host, target.Port, target.UsesTls ? SecureSocketOptions.Auto : SecureSocketOptions.None, ct);
        if (target.UsesTls && !smtp.IsSecure)
            throw new IOException("The mail server offers no encryption: enable it there, or set Alerts__Mail__Tls=false.");
        if (target.User is not null)
            await smtp.AuthenticateAsync(target.User, target.Password ?? "", ct);
        await smtp.SendAsync(mail, ct);
        await smtp.DisconnectAsync(true, ct);
    }
}
