using System.Text.Json;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Alerts;

/// <summary>The alerts, and the messages that are still to be sent. All replicas share them; one replica sends each message.</summary>
internal sealed class AlertStore(NpgsqlDataSource database)
{
    // "alerts" in ASCII.
    private const long Key = 0x616c65727473;

    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(30);

    /// <summary>Lets the plan decide on the alerts that are not closed. One replica at a time decides.</summary>
    /// <param name="targets">The receivers of new messages.</param>
    public async Task Decide(
        Func<IReadOnlyList<Alert>, IEnumerable<AlertStep>> decide, IEnumerable<string> targets, Func<AlertStep, AlertMessage> message,
            CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var alone = new NpgsqlCommand(
            "select pg_try_advisory_xact_lock($1)", connection).With(Key))
        {
            if (await alone.ExecuteScalarAsync(ct) is not true)
                return;
        }

        var known = await Read(new NpgsqlCommand($"{Select} where closed_at is null order by id", connection), ct);
        foreach (var step in decide(known))
        {
            if (known.Contains(step.Alert))
                continue;

            var kept = await Keep(connection, step.Alert, ct);
            if (step.Tells is null)
                continue;

            foreach (var target in targets)
                await Tell(connection, message(step with { Alert = kept }), target, ct);
        }

        await transaction.CommitAsync(ct);
    }

    /// <summary>Stores an alert that was sent from memory, unless another replica has sent and stored it.</summary>
    public async Task Add(Alert alert, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            "select from scheduler.alert where kind = $1 and opened_at is not null and closed_at > $2", connection)
            .With($"{alert.Kind}", alert.Since);
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            if (row.HasRows)
                return;
        }

        await Keep(connection, alert, ct);
    }

    /// <summary>The open alerts and some closed ones, the newest first.</summary>
    public async Task<IReadOnlyList<AlertReport>> List(int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"{Select} where opened_at is not null order by closed_at is not null, id desc limit $1").With(limit);
        var alerts = await Read(command, ct);
        var messages = await Messages(alerts.Select(alert => alert.Id), ct);
        return [.. alerts.Select(alert => AlertReport.Of(alert, [.. messages[alert.Id]]))];
    }

    /// <returns>False when no such alert is open.</returns>
    public async Task<bool> Acknowledge(long id, string? by, DateTimeOffset at, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            update scheduler.alert set acknowledged_at = $2, acknowledged_by = $3::text
            where id = $1 and opened_at is not null and closed_at is null
            """).With(id, at, by);
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>Takes the messages that are due. For a while, no other replica takes them.</summary>
    /// <param name="targets">The receivers that are configured.</param>
    public async Task<IReadOnlyList<DueMessage>> TakeDue(IEnumerable<string> targets, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            update scheduler.alert_message set attempts = attempts + 1, next_at = now() + $1 where (id, target) in (
                select id, target from scheduler.alert_message where sent_at is null and next_at <= now() and target = any($2)
                order by next_at limit 20 for update skip locked)
            returning target, content::text, attempts
            """).With(Claim, targets.ToArray());
        var due = new List<DueMessage>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            due.Add(new(row.GetString(0), JsonSerializer.Deserialize<AlertMessage>(row.GetString(1))!, row.GetInt32(2)));
        return due;
    }

    /// <param name="trouble">Why the target did not accept the message; null when it did.</param>
    /// <param name="pause">The pause before the next attempt.</param>
    public async Task Sent(DueMessage message, string? trouble, TimeSpan pause, CancellationToken ct)
    {
        await database.Execute("""
            update scheduler.alert_message set sent_at = case when $3::text is null then now() end, trouble = $3::text, next_at = now() + $4
            where id = $1 and target = $2
            """, ct, message.Message.Id, message.Target, trouble, pause);
    }

    /// <summary>Why a message of the last day could not be sent; null when all were sent.</summary>
    public async Task<string?> Trouble(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select target || ': ' || trouble from scheduler.alert_message where sent_at is null and trouble is not null and at > now() "
                + "- interval '1 day' order by at desc limit 1");
        return await command.ExecuteScalarAsync(ct) as string;
    }

    /// <summary>Deletes old alerts, messages that no target has accepted for two days, and messages to targets that are no longer
    /// configured. While a new configuration reaches one replica after the other, the others leave messages to new targets alone.</summary>
    public Task ForgetOld(IEnumerable<string> targets, CancellationToken ct) => database.Execute("""
        with unwanted as (
            delete from scheduler.alert_message
            where sent_at is null and (at < now() - interval '2 days' or (at < now() - interval '1 hour' and target <> all($1))))
        delete from scheduler.alert where closed_at < now() - interval '90 days' or (closed_at is not null and opened_at is null)
        """, ct, [targets.ToArray()]);

    private const string Select = """
        select id, kind, text, since, opened_at, reminded_at, gone_since, closed_at, acknowledged_at, acknowledged_by, subject
        from scheduler.alert
        """;

    private static async Task<List<Alert>> Read(NpgsqlCommand command, CancellationToken ct)
    {
        var alerts = new List<Alert>();
        await using (command)
        {
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                // A newer version may have written a kind that this version does not know.
                if (Enum.TryParse<ReasonKind>(row.GetString(1), out var kind))
                {
                    alerts.Add(new(
                        row.GetInt64(0), kind, row.GetString(2), row.Time(3), row.TimeOrNull(4), row.TimeOrNull(5), row.TimeOrNull(6),
                            row.TimeOrNull(7),
                        row.TimeOrNull(8), row.GetValue(9) as string, row.GetValue(10) as string));
                }
            }
        }

        return alerts;
    }

    private static async Task<Alert> Keep(NpgsqlConnection connection, Alert alert, CancellationToken ct)
    {
        object?[] values =
            [
                $"{alert.Kind}", alert.Text, alert.Since, alert.Subject, alert.OpenedAt, alert.RemindedAt, alert.GoneSince, alert.ClosedAt
            ];
        await using var command = new NpgsqlCommand(alert.Id == 0
            ? "insert into scheduler.alert (kind, text, since, subject, opened_at, reminded_at, gone_since, closed_at) values ($1, $2, $3, "
                + "$4::text, $5::timestamptz, $6::timestamptz, $7::timestamptz, $8::timestamptz) returning id"
            : "update scheduler.alert set kind = $1, text = $2, since = $3, subject = $4::text, opened_at = $5::timestamptz, "
                + "reminded_at = $6::timestamptz, gone_since = $7::timestamptz, closed_at = $8::timestamptz where id = $9 returning id",
            connection).With(alert.Id == 0 ? values : [.. values, alert.Id]);
        return alert with { Id = (long)(await command.ExecuteScalarAsync(ct))! };
    }

    private static async Task Tell(NpgsqlConnection connection, AlertMessage message, string target, CancellationToken ct)
    {
        await connection.Execute(
            "insert into scheduler.alert_message (id, target, alert_id, event, content) values ($1, $2, $3, $4, $5::jsonb)",
            ct, message.Id, target, message.AlertId, $"{message.Event}", JsonSerializer.Serialize(message));
    }

    private async Task<ILookup<long, AlertReport.Delivery>> Messages(IEnumerable<long> alerts, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select alert_id, target, event, at, sent_at, attempts, trouble from scheduler.alert_message where alert_id = any($1) order "
                + "by at, target").With(alerts.ToArray());
        var deliveries = new List<(long Alert, AlertReport.Delivery Delivery)>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            deliveries.Add((row.GetInt64(0), new(row.GetString(1), row.GetString(2), row.Time(3), row.TimeOrNull(4), row.GetInt32(5),
                row.GetValue(6) as string)));
        return deliveries.ToLookup(one => one.Alert, one => one.Delivery);
    }
}

/// <param name="Attempts">Including the next one.</param>
internal sealed record DueMessage(string Target, AlertMessage Message, int Attempts);

/// <summary>An alert as an operator sees it.</summary>
/// <param name="Help">The path of its runbook, below the scheduler's address.</param>
internal sealed record AlertReport(
    long Id, string Name, ReasonKind Kind, Severity Severity, string Text, DateTimeOffset Since, DateTimeOffset? OpenedAt,
        DateTimeOffset? ClosedAt,
    DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, string Help, IReadOnlyList<AlertReport.Delivery> Deliveries)
{
    public static AlertReport Of(Alert alert, IReadOnlyList<Delivery> deliveries) => new(
        alert.Id, alert.Name, alert.Kind, alert.Severity, alert.Text, alert.Since, alert.OpenedAt, alert.ClosedAt, alert.AcknowledgedAt,
        alert.AcknowledgedBy, new Reason(alert.Kind, Tone.Bad, true, alert.Text).Help, deliveries);

    /// <param name="Trouble">Why the last attempt failed.</param>
    internal sealed record Delivery(string Target, string Event, DateTimeOffset At, DateTimeOffset? SentAt, int Attempts, string? Trouble);
}
