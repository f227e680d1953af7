using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Console.Fields;

/// <summary>Reads how Zoho's fields are synced, and what becomes of the view's columns, from what the projector publishes.</summary>
internal sealed class FieldList(NpgsqlDataSource database)
{
    public async Task<FieldsAnswer> Read(CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            "select api_name, label, data_type, synced_as, reason, read_at from projector.described_fields order by position"));
        batch.BatchCommands.Add(new("select api_name, type from projector.synced_fields"));
        return await PublishedTables.ReadIfExists(async () =>
        {
            await using var row = await batch.ExecuteReaderAsync(ct);
            var described = new List<DescribedField>();
            var readAt = default(DateTimeOffset?);
            while (await row.ReadAsync(ct))
            {
                described.Add(new(
                    row.GetString(0), row.GetValue(1) as string, row.GetString(2),
                    row.GetValue(3) is string type ? ColumnTypes.Named(type) : null,
                    row.GetValue(4) as string));
                readAt = row.Time(5);
            }

            await row.NextResultAsync(ct);
            var columns = new Dictionary<string, FieldType>();
            while (await row.ReadAsync(ct))
                columns[row.GetString(0)] = ColumnTypes.Named(row.GetString(1));
            // Without Zoho's description, every column would look as if its field were gone.
            return described.Count == 0 ? null : new FieldsAnswer(readAt, FieldPreview.Of(described, columns.Count == 0 ? null : columns));
        }) ?? new FieldsAnswer(null, []);
    }
}

/// <param name="ReadAt">When Zoho described the fields; null when that is not known yet.</param>
internal sealed record FieldsAnswer(DateTimeOffset? ReadAt, IReadOnlyList<FieldPreview> Fields);
