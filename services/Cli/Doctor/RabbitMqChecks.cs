using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using LeadSync.ServiceDefaults.Bus;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using static LeadSync.Cli.Doctor.Diagnoses;

namespace LeadSync.Cli.Doctor;

/// <summary>Checks the broker: its version, the rights of the services, and whether every queue is read.</summary>
internal sealed class RabbitMqChecks(Broker broker, Findings findings)
{
    private static readonly Version LeastVersion = new(3, 10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // The default of RabbitMQ. Two members of three are enough to go on.
    private const int UsualMembers = 3;

    private readonly Uri address = broker.Address;

    private static readonly (string Service, string[] Queues)[] Readers =
    [
        ("gateway", ["leads-announced", "start-bulk-read", "check-bulk-job", "catch-up", "renew-channel", "check-channel", "look-again",
            "look-again-in-question", "leads-in-question", "gateway-parked"]),
        ("projector", ["leads-changed", "leads-reread", "lead-changed", "bulk-page-ready", "catch-up-page-ready", "compare-leads",
            "rebuild-view", "forget-lead", "replay-changes", "projector-parked"]),
        ("scheduler", ["scheduler", "scheduler-parked"]),
    ];

    public async Task Run(bool isRunning, CancellationToken ct)
    {
        try
        {
            var factory = broker.Factory();
            (factory.AutomaticRecoveryEnabled, factory.RequestedConnectionTimeout) = (false, Patience);
            await using var connection = await factory.CreateConnectionAsync("leadsync doctor", ct);
            findings.Ok(RabbitMq, $"{address.Host}:{connection.Endpoint.Port}");
            findings.Ok(RabbitMqLogin, $"virtual host {factory.VirtualHost}");
            JudgeVersion(connection.ServerProperties?["version"] is byte[] version ? Encoding.UTF8.GetString(version) : "", findings);
            var isBlocked = false;
            connection.ConnectionBlockedAsync += (_, _) =>
            {
                isBlocked = true;
                return Task.CompletedTask;
            };
            await TryPermissions(connection, ct);
            if (isBlocked)
                findings.Fail(BrokerAlarm, "it has blocked this connection");
            else
                findings.Ok(BrokerAlarm, "no alarm");
            if (isRunning)
                await LookAtQueues(connection, ct);
        }
        catch (BrokerUnreachableException e)
        {
            var refused = Causes(e).FirstOrDefault(cause =>
                cause is AuthenticationFailureException or PossibleAuthenticationFailureException
                    or OperationInterruptedException { ShutdownReason.ReplyCode: 403 or 530 });
            findings.Fail(
                refused is null ? RabbitMq : RabbitMqLogin,
                $"{address.Host}:{address.Port}: " + (refused is null ? e.GetBaseException().Message
                    : refused is OperationInterruptedException ? "the virtual host is refused" : "user or password is refused"));
            if (refused is not null)
                findings.Ok(RabbitMq, $"{address.Host} answers");
        }

        catch (OperationInterruptedException e)
        {
            // The login worked, and the user may not do this.
            findings.Fail(RabbitMqPermissions, e.ShutdownReason?.ReplyText ?? e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            findings.Fail(BrokerAlarm, $"it confirmed no message within {Patience.TotalSeconds:0} s");
        }

        if (isRunning && !findings.IsWrong(RabbitMq, RabbitMqLogin))
            await LookAtMembers(ct);
        findings.Skip(isRunning ? "the broker does not let us look" : "nothing runs yet", RabbitMqLogin, RabbitMqVersion,
            RabbitMqPermissions, Queues, BrokerAlarm, QueueMembers);
    }

    /// <param name="version">As the broker writes it, for instance <c>4.1.0</c> or <c>3.13.7-rc.1</c>.</param>
    public static void JudgeVersion(string version, Findings findings)
    {
        if (!Version.TryParse(version.Split('-', '+')[0], out var parsed))
            findings.Skip($"the broker calls its version \"{version}\"", RabbitMqVersion);
        else if (parsed < LeastVersion)
            findings.Fail(RabbitMqVersion, version);
        else
            findings.Ok(RabbitMqVersion, version);
    }

    /// <param name="queues">The management API's list of queues.</param>
    /// <param name="nodes">The number of nodes in the cluster; 0 when it is unknown.</param>
    public static void JudgeMembers(JsonElement queues, int nodes, Findings findings)
    {
        var quorum = queues.EnumerateArray()
            .Where(queue => queue.TryGetProperty("members", out _) && queue.TryGetProperty("online", out _))
            .Select(queue => (Name: queue.GetProperty("name").GetString(), Members: queue.GetProperty("members").GetArrayLength(),
                Online: queue.GetProperty("online").GetArrayLength()))
            .ToList();
        var away = quorum.Where(queue => queue.Online < queue.Members).ToList();
        var few = quorum.Where(queue => queue.Members < Math.Min(nodes, UsualMembers)).ToList();
        if (away.Count > 0)
            findings.Warn(QueueMembers, $"not all members are online of {string.Join(", ", away.Select(queue => queue.Name))}");
        else if (few.Count > 0)
            findings.Warn(
                QueueMembers,
                $"the cluster has {nodes} nodes, and fewer members than that have {string.Join(", ", few.Select(queue => queue.Name))}");
        else if (nodes == 0)
            findings.Skip(
                "all members are online, but RabbitMQ tells only a user with the tag monitoring how many nodes it has", QueueMembers);
        else
            findings.Ok(QueueMembers, "all are online");
    }

    private async Task TryPermissions(IConnection connection, CancellationToken ct)
    {
        var name = $"leadsync-doctor-{Guid.NewGuid():n}";
        try
        {
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), ct);
            await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, autoDelete: true, cancellationToken: ct);
            await channel.QueueDeclareAsync(name, exclusive: true, cancellationToken: ct);
            await channel.QueueBindAsync(name, name, "", cancellationToken: ct);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Patience);
            await channel.BasicPublishAsync(name, "", mandatory: true, body: "doctor"u8.ToArray(), cancellationToken: patience.Token);
            await channel.BasicGetAsync(name, autoAck: true, ct);
            await channel.QueueDeleteAsync(name, cancellationToken: ct);
            findings.Ok(RabbitMqPermissions, "a queue can be created, written to, read and deleted");
        }
        catch (OperationInterruptedException e)
        {
            // A missing virtual host is reported only here.
            findings.Fail(e.ShutdownReason?.ReplyCode == 530 ? RabbitMqLogin : RabbitMqPermissions,
                e.ShutdownReason?.ReplyText ?? e.Message);
        }
    }

    private async Task LookAtQueues(IConnection connection, CancellationToken ct)
    {
        if (findings.IsWrong(RabbitMqLogin, RabbitMqPermissions))
            return;

        var unread = new List<string>();
        foreach (var (service, queues) in Readers)
        {
            foreach (var queue in queues)
            {
                if (await Consumers(connection, queue, ct) == 0)
                    unread.Add($"{queue} of the {service}");
            }
        }

        if (unread.Count > 0)
            findings.Fail(Queues, $"nobody reads {string.Join(", ", unread)}");
        else
            findings.Ok(Queues, "every service reads its queues");
    }

    // Only the management plugin knows the members. Its absence is not a fault of the broker.
    private async Task LookAtMembers(CancellationToken ct)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo)));
        var host = Uri.UnescapeDataString(address.AbsolutePath.Trim('/')) is { Length: > 0 } named ? named : "/";
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, chain, errors) => broker.IsTrusted(shown, chain, errors);
        using var http = new HttpClient(handler) { Timeout = Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        try
        {
            var scheme = address.Scheme == "amqps" ? "https://" : "http://";
            var port = address.Scheme == "amqps" ? 15671 : 15672;
            var queues = await http.GetFromJsonAsync<JsonElement>(
                $"{scheme}{address.Host}:{port}/api/queues/{Uri.EscapeDataString(host)}?disable_stats=true&enable_queue_totals=true", ct);
            JudgeMembers(queues, await Nodes(http, $"{scheme}{address.Host}:{port}/api/nodes", ct), findings);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or JsonException or NotSupportedException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            findings.Skip($"the management plugin does not answer at port {(address.Scheme == "amqps" ? 15671 : 15672)}", QueueMembers);
        }
    }

    // RabbitMQ tells only a user with the tag "monitoring" about the nodes.
    private static async Task<int> Nodes(HttpClient http, string address, CancellationToken ct)
    {
        using var answer = await http.GetAsync(address, ct);
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetArrayLength() : 0;
    }

    private static async Task<uint> Consumers(IConnection connection, string queue, CancellationToken ct)
    {
        try
        {
            // The broker closes a channel that asks for a queue that does not exist.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            return (await channel.QueueDeclarePassiveAsync(queue, ct)).ConsumerCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            return 0;
        }
    }

    private static IEnumerable<Exception> Causes(Exception e) => e switch
    {
        AggregateException all => all.InnerExceptions.SelectMany(Causes),
        { InnerException: { } inner } => Causes(inner).Prepend(e),
        _ => [e],
    };
}
