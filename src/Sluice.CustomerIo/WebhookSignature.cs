using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.CustomerIo;

/// <summary>The signature of reporting webhooks: an HMAC-SHA256 over the version, the time of sending and the body as it is on the wire.</summary>
public static class WebhookSignature
{
    /// <summary>The header with the time of sending, in unix seconds.</summary>
    public const string TimestampHeader = "X-CIO-Timestamp";

    /// <summary>The header with the signature, in hex.</summary>
    public const string SignatureHeader = "X-CIO-Signature";

    /// <summary>The signature of a body.</summary>
    /// <param name="key">The signing key of the webhook.</param>
    /// <param name="timestamp">The value of <see cref="TimestampHeader"/>.</param>
    /// <param name="body">The body.</param>
    public static string Of(string key, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key));
        hash.AppendData(Encoding.UTF8.GetBytes($"v0:{timestamp}:"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether a signature is the body's, in a time that tells nothing of where the two differ.</summary>
    public static bool IsOf(string key, string timestamp, ReadOnlySpan<byte> body, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(key, timestamp, body)), Encoding.UTF8.GetBytes(signature));

    /// <summary>The time of sending; null when the header holds none.</summary>
    public static DateTimeOffset? SentAt(string timestamp) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 100_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
