using System.Globalization;
using System.Text;

namespace Sluice.Destinations.Sqlite;

/// <summary>Times as text that is ordered like the times, and that SQLite's own functions read: <c>2024-01-31 12:00:00.000000+00:00</c>.</summary>
internal static class SqliteTime
{
    /// <summary>How many bytes a time has.</summary>
    public const int Bytes = 32;

    private const string Format = "yyyy-MM-dd HH:mm:ss.ffffff";

    private static readonly byte[] Utc = Encoding.ASCII.GetBytes("+00:00");

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture) + "+00:00";

    /// <summary>Writes the time so many microseconds after 1970 (before it if negative).</summary>
    public static void Write(long microseconds, Span<byte> to)
    {
        var time = DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
        Digits(to[..4], time.Year);
        Digits(to[5..7], time.Month);
        Digits(to[8..10], time.Day);
        Digits(to[11..13], time.Hour);
        Digits(to[14..16], time.Minute);
        Digits(to[17..19], time.Second);
        Digits(to[20..26], (int)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        (to[4], to[7], to[10], to[13], to[16], to[19]) = ((byte)'-', (byte)'-', (byte)' ', (byte)':', (byte)':', (byte)'.');
        Utc.CopyTo(to[26..]);
    }

    private static void Digits(Span<byte> to, int value)
    {
        for (var place = to.Length - 1; place >= 0; place--, value /= 10)
        {
            to[place] = (byte)('0' + (value % 10));
        }
    }
}
