using System.Security.Cryptography;
using System.Text;

namespace Sluice.Server.Secrets;

/// <summary>
/// Seals texts with AES-GCM, so that the control database alone is useless; what is sealed names its key and opens only for its purpose.
/// </summary>
internal sealed class Seal
{
    private const int IdLetters = 8;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly IReadOnlyList<(string Id, byte[] Key)> _keys;

    /// <param name="keys">The key that seals, then older ones that open.</param>
    public Seal(IEnumerable<byte[]> keys) => _keys = [.. keys.Select(key => (IdOf(key), key))];

    /// <summary>The name of the key that something was sealed with; it says nothing about the key.</summary>
    public static string KeyIdOf(string text) => text.Split('.') is [_, var id, _] ? id : "";

    public bool Opens(string text) => _keys.Any(key => key.Id == KeyIdOf(text));

    /// <summary>Seals a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="purpose">What it is, by which alone it opens again: so that nobody puts one secret into the place of another.</param>
    public string Close(string text, string purpose)
    {
        var (id, key) = _keys[0];
        var plain = Encoding.UTF8.GetBytes(text);
        var whole = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(whole.AsSpan(0, NonceBytes), plain, whole.AsSpan(NonceBytes, plain.Length), whole.AsSpan(^TagBytes..), Purpose(purpose));
        return $"v1.{id}.{Convert.ToBase64String(whole)}";
    }

    /// <summary>Opens what was sealed; null when the key is another one, or somebody has altered it or moved it.</summary>
    public string? Open(string text, string purpose)
    {
        if (text.Split('.') is not ["v1", var id, var data] || _keys.FirstOrDefault(key => key.Id == id).Key is not { } known)
        {
            return null;
        }

        try
        {
            var whole = Convert.FromBase64String(data);
            var plain = new byte[whole.Length - NonceBytes - TagBytes];
            using var cipher = new AesGcm(known, TagBytes);
            cipher.Decrypt(whole.AsSpan(0, NonceBytes), whole.AsSpan(NonceBytes, plain.Length), whole.AsSpan(^TagBytes..), plain, Purpose(purpose));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception error) when (error is CryptographicException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static byte[] Purpose(string purpose) => Encoding.UTF8.GetBytes($"sluice {purpose}");

    private static string IdOf(byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, "sluice key id"u8))[..IdLetters];
}
