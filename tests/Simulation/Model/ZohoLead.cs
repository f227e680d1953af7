using System.Globalization;
using LeadSync.Gateway.Zoho.Apis;

namespace LeadSync.Simulation.Model;

/// <summary>A version of a lead, from a moment on.</summary>
/// <param name="At">True time.</param>
/// <param name="Content">Null when Zoho does not have the lead.</param>
/// <param name="DeletedTime">The time of the deletion, if Zoho lists the lead as deleted.</param>
/// <param name="IsSilent">Whether neither the modified nor the deleted records show this version.</param>
internal sealed record LeadVersion(DateTimeOffset At, LeadPart? Content, DateTimeOffset? DeletedTime, bool IsSilent);

/// <summary>A lead in Zoho, with its whole history.</summary>
internal sealed class ZohoLead(string id)
{
    public string Id => id;

    public List<LeadVersion> Versions { get; } = [];

    public LeadVersion Current => Versions[^1];

    /// <summary>Whether the lead has a value that no row can store.</summary>
    public bool IsOdd => Current.Content?.InvalidField is not null;

    public bool IsAlive => Current.Content is not null;

    /// <summary>Whether the lead is deleted and can be restored.</summary>
    public bool IsInBin { get; private set; }

    public void Write(
        DateTimeOffset at, bool touch, bool silent, Func<IReadOnlyDictionary<string, string?>, IReadOnlyDictionary<string, string?>> change,
        bool isInvalid = false)
    {
        var last = Versions.FindLast(version => version.Content is not null)?.Content;
        var modified = touch || last is null ? Second(at) : last.ModifiedTime;
        Add(
            new(
                at, new LeadPart(id, modified, change(last?.Fields ?? Fields(0, converted: false)), isInvalid ? "Last_Name" : null), null,
                silent));
        IsInBin = false;
    }

    public void Delete(DateTimeOffset at)
    {
        Add(new(at, null, Second(at), IsSilent: false));
        IsInBin = true;
    }

    /// <summary>Removes the lead from the recycle bin. Zoho still lists it as deleted.</summary>
    public void Purge() => IsInBin = false;

    /// <summary>The lead was deleted so long ago that Zoho no longer lists it, or the user may not see it any more.</summary>
    public void Forget(DateTimeOffset at)
    {
        Add(new(at, null, null, IsSilent: true));
        IsInBin = false;
    }

    /// <summary>A full comparison did not see the lead.</summary>
    public void Slip() => Versions[^1] = Current with { IsSilent = true };

    public LeadVersion? AsOf(DateTimeOffset time)
    {
        for (var index = Versions.Count - 1; index >= 0; index--)
        {
            if (Versions[index].At <= time)
                return Versions[index];
        }

        return null;
    }

    /// <summary>Whether the lead existed, or did not exist, at any moment from <paramref name="from"/> on.</summary>
    public bool WasEver(bool there, DateTimeOffset from)
    {
        for (var index = Versions.Count - 1; index >= 0; index--)
        {
            if (Versions[index].Content is not null == there)
                return true;
            if (Versions[index].At <= from)
                return false;
        }

        return !there;
    }

    /// <summary>Whether the lead was as an answer shows it, at any moment from <paramref name="from"/> on.</summary>
    /// <param name="modifiedTime">Null when the answer did not show the lead.</param>
    public bool WasEver(DateTimeOffset? modifiedTime, IReadOnlyDictionary<string, string?>? fields, DateTimeOffset from)
    {
        for (var index = Versions.Count - 1; index >= 0; index--)
        {
            var version = Versions[index];
            if (version.Content is { } content && content.ModifiedTime == modifiedTime && fields is not null
                && Says(content.Fields, fields))
                return true;
            if (version.At <= from)
                return false;
        }

        return false;
    }

    private static bool Says(IReadOnlyDictionary<string, string?> fields, IReadOnlyDictionary<string, string?> shown) =>
        fields.All(field => shown.GetValueOrDefault(field.Key) == field.Value);

    public static IReadOnlyDictionary<string, string?> Fields(int number, bool converted) => new Dictionary<string, string?>
    {
        ["Last_Name"] = string.Create(CultureInfo.InvariantCulture, $"n{number}"),
        ["Converted__s"] = converted ? "true" : "false",
    };

    public static DateTimeOffset Second(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));

    private void Add(LeadVersion version) => Versions.Add(version);
}
