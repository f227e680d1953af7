using System.Security.Cryptography;
using System.Text;

namespace LeadSync.Gateway.Zoho.Tokens;

/// <summary>
/// Encrypts what is written to the database (AES-256-GCM), under a key that only holders of Zoho's credentials can compute. A dump reveals
/// nothing. With other credentials, the stored value counts as absent.
/// </summary>
internal sealed class SecretBox(byte[] key)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <returns>Nonce, tag and ciphertext, one after the other.</returns>
    public byte[] Seal(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(box.AsSpan(0, NonceSize), plain, box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize));
        return box;
    }

    /// <returns>The text, or null when it was not sealed under this key.</returns>
    public string? Open(byte[] box)
    {
        if (box.Length < NonceSize + TagSize)
            return null;

        try
        {
            var plain = new byte[box.Length - NonceSize - TagSize];
            using var cipher = new AesGcm(key, TagSize);
            cipher.Decrypt(box.AsSpan(0, NonceSize), box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
