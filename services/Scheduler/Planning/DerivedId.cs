using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LeadSync.Scheduler.Planning;

internal static class DerivedId
{
    /// <summary>The same id for the same input, so that the same state always gives the same plan.</summary>
    public static Guid From(string subject, int number, DateTimeOffset at)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{subject}/{number}/{at.UtcTicks}");
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
