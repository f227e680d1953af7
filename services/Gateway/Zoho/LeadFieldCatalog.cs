using LeadSync.Contracts;

namespace LeadSync.Gateway.Zoho;

/// <summary>The fields that are synced now. Zoho sends no event for a new field, so the gateway reads the metadata again every minute while
/// it reads leads.</summary>
internal sealed partial class LeadFieldCatalog(
    IFieldsApi zoho, ZohoOptions options, TimeProvider clock, ILogger<LeadFieldCatalog> log) : IDisposable
{
    /// <summary>One credit each time, and only while leads are read.</summary>
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim gate = new(1);
    private readonly HashSet<string> warned = new(StringComparer.OrdinalIgnoreCase);
    private volatile LeadFields? fields;
    private volatile IReadOnlyList<DescribedField> described = [];
    private DateTimeOffset readAt;
    private volatile bool isExpired;

    /// <exception cref="ZohoException">They have never been read, and cannot be read now.</exception>
    public async Task<LeadFields> Current(CancellationToken ct)
    {
        // One reading at a time, which no caller's cancellation ends.
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            if (fields is null || isExpired || clock.GetUtcNow() - readAt >= MaximumAge)
                await Read(ct);
            return fields!;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>How Zoho describes all fields that the user may see, and how each is synced; without those that every lead has.</summary>
    /// <exception cref="ZohoException">They have never been read, and cannot be read now.</exception>
    public async Task<IReadOnlyList<DescribedField>> Described(CancellationToken ct)
    {
        await Current(ct);
        return described;
    }

    /// <summary>Has the fields read again before they are next used: Zoho has refused them, or a bulk read is about to begin.</summary>
    public void Expire() => isExpired = true;

    public void Dispose() => gate.Dispose();

    private async Task Read(CancellationToken ct)
    {
        isExpired = false;
        try
        {
            var read = await zoho.ReadFields(ct);
            if (read.Count == 0)
                throw new ZohoException(ZohoErrorKind.Unavailable, "NO_FIELDS");

            described = [.. LeadFieldSelection.Plan(read, options.Fields).Select(plan => plan.Described)];
            fields = LeadFieldSelection.Select(read, options.Fields);
            foreach (var name in LeadFieldSelection.Unknown(fields, options.Fields).Where(warned.Add))
                UnknownField(name);
        }
        catch (ZohoException e) when (fields is not null)
        {
            // The known fields are still the best guess.
            NotRead(e.Message);
        }

        readAt = clock.GetUtcNow();
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The fields could not be read from Zoho; the sync continues with the known fields: {Reason}")]
    private partial void NotRead(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Zoho__Fields names {Field}, which Zoho does not have or cannot export: it is not synced")]
    private partial void UnknownField(string field);
}
