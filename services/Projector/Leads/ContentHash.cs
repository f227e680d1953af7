using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace LeadSync.Projector.Leads;

/// <summary>
/// The fingerprint of a lead's fields: XXH128 over the names and canonical values of all fields that have a value, in ordinal order of the
/// names. A field that was added in Zoho and is still empty changes no fingerprint.
/// </summary>
internal static class ContentHash
{
    public static Guid Of(IReadOnlyDictionary<string, string?> fields)
    {
        var row = new ArrayBufferWriter<byte>(1024);
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
            Add(row, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value ?? ""));
        return Of(row.WrittenSpan);
    }

    /// <summary>Adds a field to a row that will be hashed. The caller adds the fields in ordinal order of their names.</summary>
    public static void Add(IBufferWriter<byte> row, ReadOnlySpan<byte> name, ReadOnlySpan<byte> canonical)
    {
        if (canonical.IsEmpty)
            return;

        // Neither a name nor a canonical value contains U+0000, so U+0000 can end both.
        row.Write(name);
        row.Write("\0"u8);
        row.Write(canonical);
        row.Write("\0"u8);
    }

    public static Guid Of(ReadOnlySpan<byte> row) => new(XxHash128.Hash(row), bigEndian: true);
}
