using System.Text.Encodings.Web;
using System.Text.Json;
using JasperFx.Events;
using LeadSync.Projector.Leads;
using Marten;
using Marten.Events.Projections;

namespace LeadSync.Projector.LegacyView;

/// <summary>
/// Writes the rows of <c>legacy.leads</c> and <c>legacy.deleted_leads</c>; only first loads and rebuilds write rows without this class.
/// Marten runs the projection inline, in the transaction that appends the events. One statement writes all living leads of a batch.
/// </summary>
internal sealed class LegacyViewProjection(Module module, LegacyColumns columns) : IProjection
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string hide = $"delete from legacy.{module.View} where id = any(?::text[])";
    private readonly string bury = $"""
        insert into legacy.{module.Deleted} (id, deleted_at) select * from unnest(?::text[], ?::text[]::timestamptz[])
        on conflict (id) do update set deleted_at = excluded.deleted_at
        """;
    private readonly string unbury = $"delete from legacy.{module.Deleted} where id = any(?::text[])";
    private volatile Statement show = new(null, "");

    /// <summary>Every event holds all that the view shows of its lead, so only the last event of each stream counts.</summary>
    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        Write(
            operations,
            events.GroupBy(recorded => recorded.StreamKey!)
                .Select(stream => (stream.Key[module.Prefix.Length..], Shown(stream.Last().Data))));
        return Task.CompletedTask;
    }

    /// <summary>Writes the rows of leads, in the transaction of Marten's session.</summary>
    public void Write(IDocumentOperations operations, IEnumerable<(string Id, Lead Lead)> leads) =>
        Write(operations, leads.Select(lead => (lead.Id, Shown(lead.Lead))));

    private void Write(IDocumentOperations operations, IEnumerable<(string Id, Row Row)> leads)
    {
        var (living, dead) = (new List<(string Id, Row Row)>(), new List<(string Id, Row Row)>());
        foreach (var lead in leads)
            (lead.Row.Fields is null ? dead : living).Add(lead);

        if (living.Count > 0)
        {
            string[] ids = [.. living.Select(lead => lead.Id)];
            operations.QueueSqlCommand(
                Show(), ids, At(living), living.Select(lead => JsonSerializer.Serialize(lead.Row.Fields, Json)).ToArray());
            operations.QueueSqlCommand(unbury, [ids]);
        }

        if (dead.Count > 0)
        {
            operations.QueueSqlCommand(hide, [dead.Select(lead => lead.Id).ToArray()]);
            if (dead.FindAll(lead => lead.Row.At is null) is { Count: > 0 } unknown)
                operations.QueueSqlCommand(unbury, [unknown.Select(lead => lead.Id).ToArray()]);
            var buried = dead.FindAll(lead => lead.Row.At is not null);
            operations.QueueSqlCommand(bury, buried.Select(lead => lead.Id).ToArray(), At(buried));
        }
    }

    private static string[] At(List<(string Id, Row Row)> leads) => [.. leads.Select(lead => $"{lead.Row.At:O}")];

    /// <summary>How a lead is shown after an event.</summary>
    internal static Row Shown(object @event) => @event switch
    {
        LeadSeen { Absence: { } absence } => new(absence.DeletedAt, null),
        LeadSeen { Newer: { } newer } => new(newer.ModifiedTime, newer.Fields),
        LeadSeen seen => new(seen.ModifiedTime, seen.Fields),
        LeadGone gone => new(gone.DeletedAt, null),
        var other => throw new InvalidOperationException(
            $"a stream of leads holds a {other.GetType().Name}, which is not an event of a lead"),
    };

    private static Row Shown(Lead lead) =>
        lead.IsAlive ? new(lead.Content!.ModifiedTime, lead.Content.Fields) : new(lead.Absence?.DeletedAt, null);

    private string Show()
    {
        var (known, present) = (show, columns.All);
        if (known.Columns == present)
            return known.Sql;

        var sql = $"""
            insert into legacy.{module.View} (id, modified_time{present.NamesSql()})
            select v.id, v.modified_time{present.ValuesSql()}
            from unnest(?::text[], ?::text[]::timestamptz[], ?::text[]::jsonb[]) as v(id, modified_time, fields)
                {present.RecordSql("v.fields")}
            on conflict (id) do update set modified_time = excluded.modified_time{present.ReplacementsSql()}
            """;
        show = new(present, sql);
        return sql;
    }

    private sealed record Statement(IReadOnlyList<Column>? Columns, string Sql);

    /// <param name="At">Zoho's clock: the modified time of a lead that lives, else the time of its deletion. Null when no deletion is
    /// known.</param>
    /// <param name="Fields">Null for a lead that does not live.</param>
    internal sealed record Row(DateTimeOffset? At, IReadOnlyDictionary<string, string?>? Fields);
}
