using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Zoho.Fields;

/// <summary>
/// The fields that are synced now. Zoho sends no event for a new field, so the gateway reads the metadata within a minute after it has read
/// leads. Live changes use the known fields meanwhile. When a field is new, the gateway announces a gap, so that a catch-up reads the leads
/// that were read without the field.
/// </summary>
internal sealed partial class LeadFieldCatalog : IDisposable
{
    // A reading costs one credit. It happens once a minute at most, and only after leads were read.
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(1);

    // A lead that is read after a long pause may have been modified because somebody added a field. So the caller waits for the reading,
    // but not for long.
    private static readonly TimeSpan LongAge = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IFieldsApi zoho;
    private readonly ZohoOptions options;
    private readonly Publish publish;
    private readonly ZohoClock zohoClock;
    private readonly TimeProvider clock;
    private readonly ILogger<LeadFieldCatalog> log;
    private readonly Batcher<ValueTuple> readings;
    private readonly Lock gate = new();
    private readonly HashSet<string> warned = new(StringComparer.OrdinalIgnoreCase);
    private Task next = Task.CompletedTask;
    private volatile LeadFields? fields;
    private volatile IReadOnlyList<DescribedField> described = [];
    private volatile bool isExpired;
    private DateTimeOffset lastReadBegan;
    private long readAt;

    public LeadFieldCatalog(
        IFieldsApi zoho, ZohoOptions options, Publish publish, ZohoClock zohoClock, TimeProvider clock, ILogger<LeadFieldCatalog> log)
    {
        (this.zoho, this.options, this.publish, this.zohoClock, this.clock, this.log) = (zoho, options, publish, zohoClock, clock, log);
        readings = new(maxBatchSize: int.MaxValue, maxConcurrentBatches: 1, minInterval: TimeSpan.Zero, clock, Read);
    }

    private TimeSpan Age => clock.GetElapsedTime(Interlocked.Read(ref readAt));

    /// <summary>The fields with which to read leads. Waits for Zoho while they are unknown or refused, and after a long pause for a
    /// second at most.</summary>
    /// <exception cref="ZohoException">They have never been read, and cannot be read now.</exception>
    public async Task<LeadFields> Current(CancellationToken ct)
    {
        var known = fields is null || isExpired ? await Latest(ct) : fields;
        var reading = ReadLater(MaximumAge - Age);
        if (Age < LongAge)
            return known;

        await reading.WaitAsync(Patience, clock, ct)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        ct.ThrowIfCancellationRequested();
        return fields!;
    }

    /// <summary>The fields as of a minute ago at most.</summary>
    /// <exception cref="ZohoException">They have never been read, and cannot be read now.</exception>
    public async Task<LeadFields> Recent(CancellationToken ct) =>
        fields is { } known && !isExpired && Age < MaximumAge ? known : await Latest(ct);

    /// <summary>The fields as of now. Zoho is asked once for all who wait.</summary>
    /// <exception cref="ZohoException">They have never been read, and cannot be read now.</exception>
    public async Task<LeadFields> Latest(CancellationToken ct)
    {
        // The reading begins after the caller has asked, and no caller's cancellation ends it.
        await readings.Add(default).WaitAsync(ct);
        return fields!;
    }

    /// <summary>How Zoho describes all fields that the user may see, and how each is synced; without those that every lead has.</summary>
    /// <exception cref="ZohoException">They have never been read, and cannot be read now.</exception>
    public async Task<IReadOnlyList<DescribedField>> Described(CancellationToken ct)
    {
        await Recent(ct);
        return described;
    }

    /// <summary>Has the fields read again before they are next used, because Zoho has refused them.</summary>
    public void Expire() => isExpired = true;

    public void Dispose() => readings.Dispose();

    private Task ReadLater(TimeSpan pause)
    {
        lock (gate)
            return next.IsCompleted ? next = ReadAfter(pause) : next;
    }

    private async Task ReadAfter(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, clock);
        await readings.Add(default);
    }

    private async Task Read(IReadOnlyList<ValueTuple> _)
    {
        isExpired = false;
        var began = zohoClock.Now;
        try
        {
            var read = await zoho.ReadFields(CancellationToken.None);
            if (read.Count == 0)
                throw new ZohoException(ZohoErrorKind.Unavailable, "NO_FIELDS");

            var now = LeadFieldSelection.Select(read, options.Fields);
            await AnnounceNew(now);
            described = [.. LeadFieldSelection.Plan(read, options.Fields).Select(plan => plan.Described)];
            (fields, lastReadBegan) = (now, began);
            foreach (var name in LeadFieldSelection.Unknown(now, options.Fields).Where(warned.Add))
                UnknownField(name);
        }
        catch (ZohoException e) when (fields is not null)
        {
            // The known fields are still the best guess.
            NotRead(e.Message);
        }

        Interlocked.Exchange(ref readAt, clock.GetTimestamp());
    }

    // The new fields are used only after the broker has the gap.
    private async Task AnnounceNew(LeadFields now)
    {
        if (fields is { } before && now.Fields.ExceptBy(before.Fields.Select(field => field.ApiName), field => field.ApiName).Any())
            await publish(
                new GapDetected(
                    "A field was added in Zoho: leads that were read without it are read again.", lastReadBegan, zohoClock.Now,
                    GapKind.FieldAdded),
                CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The fields could not be read from Zoho; the sync continues with the known fields: {Reason}")]
    private partial void NotRead(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Zoho__Fields names {Field}, which Zoho does not have or cannot export: it is not synced")]
    private partial void UnknownField(string field);
}
