using System.Buffers;
using System.Text;
using Xunit;

namespace Sluice.Tests.Secrets;

/// <summary>Values that stand nowhere else, and the search for them in everything that a run says and leaves behind.</summary>
internal static class Canary
{
    public const string AppKey = "canaryappkey5d41402abc4b2a76";
    public const string TrackKey = "canarytrackkey7d793037a0760186";
    public const string SiteId = "canarysiteid9f86d081884c7d65";
    public const string Salt = "canarysalt0b9c2625dc21ef05f6";
    public const string Endpoint =
        "https://canaryhookuser:canaryhookpassword@hooks.example.com/cio?token=canaryhooktoken&signature=canaryhooksignature#top";
    public const string Email = "canarymail@masked.example";
    public const string OldEmail = "canaryold@masked.example";
    public const string Phone = "+1999canaryphone";
    public const string FirstName = "Canaryfirstname";

    /// <summary>All of them begin so, in any case.</summary>
    public const string Mark = "canary";

    public static IReadOnlyList<string> Keys { get; } =
    [
        AppKey, TrackKey, SiteId, Salt, "canaryhookuser", "canaryhookpassword", "canaryhooktoken", "canaryhooksignature",
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SiteId}:{TrackKey}")),
    ];

    public static IReadOnlyList<string> People { get; } = [Email, OldEmail, "canarymail", "canaryold", "canaryphone", FirstName];

    public static IReadOnlyList<string> All { get; } = [.. Keys, .. People];

    private static readonly SearchValues<string> Every = SearchValues.Create([.. All], StringComparison.OrdinalIgnoreCase);

    /// <summary>The secrets that stand in a text, without regard to case.</summary>
    public static IReadOnlyList<string> In(string text, IEnumerable<string> secrets) =>
        [.. secrets.Where(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase))];

    public static void AssertNone(string text, string where, IEnumerable<string>? secrets = null)
    {
        // All of them in one pass: files of a run are many and long.
        var looked = secrets is null ? Every : SearchValues.Create([.. secrets], StringComparison.OrdinalIgnoreCase);
        if (text.AsSpan().ContainsAny(looked))
        {
            var found = In(text, secrets ?? All);
            Assert.Fail($"{where} holds {string.Join(", ", found)}:\n{Around(text, found)}");
        }
    }

    /// <summary>Every file below a folder as one text of bytes, by its path.</summary>
    public static IReadOnlyDictionary<string, string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(file => file, Bytes, StringComparer.Ordinal);

    public static string Bytes(string file)
    {
        // A file that is nothing but a lock lets nobody read it.
        if (new FileInfo(file).Length == 0)
        {
            return "";
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Encoding.Latin1.GetString(memory.ToArray());
    }

    private static string Around(string text, IReadOnlyList<string> found)
    {
        var at = found.Count == 0 ? 0 : text.IndexOf(found[0], StringComparison.OrdinalIgnoreCase);
        var from = Math.Max(0, at - 200);
        return text.Substring(from, Math.Min(500, text.Length - from));
    }
}
