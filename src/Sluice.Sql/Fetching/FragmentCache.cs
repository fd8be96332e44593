using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Engine;

namespace Sluice.Sql.Fetching;

/// <summary>
/// Rows of earlier queries on disk, by what was asked for and never by the query: whole rows, each entry there once it is whole, shared by processes.
/// </summary>
/// <param name="folder">The folder of one workspace.</param>
/// <param name="lifetime">How long an entry is good for.</param>
/// <param name="time">The clock.</param>
internal sealed class FragmentCache(string folder, TimeSpan lifetime, TimeProvider time)
{
    private const string EntryName = "entry.json";

    /// <summary>Whether what is there decides how a table is read, and a whole table answers narrower questions, too.</summary>
    public bool DecidesWays { get; init; } = true;

    /// <summary>Whether rows are there that a reading would bring.</summary>
    public bool Has(Reading reading) => Find(reading) is not null;

    /// <summary>Copies what is there into the query's folder; null when there is nothing.</summary>
    public Fragment? Take(Reading reading, string into)
    {
        if (Find(reading) is not var (place, entry))
        {
            return null;
        }

        try
        {
            var files = entry.Files.Select(name => Copy(Path.Combine(place, name), Path.Combine(into, name))).ToList();
            return new Fragment(reading, files, entry.Rows, 0)
            {
                Rejected = entry.Rejected,
                Age = AgeOf(entry),
                List = entry.List is { } list ? Copy(Path.Combine(place, list), Path.Combine(into, list)) : null,
            };
        }
        catch (IOException)
        {
            // Another process has removed it meanwhile: it is asked for anew.
            return null;
        }
    }

    /// <summary>Keeps what was fetched, all of it at once; a reading that stopped early is not whole and not kept.</summary>
    public void Keep(Fragment fragment)
    {
        if (fragment.Reading.MostRows is null)
        {
            Keep(fragment.Reading.Key, fragment);
        }
    }

    /// <summary>Keeps that something is so, which has no rows.</summary>
    public void Note(string key) => Keep(key, null);

    /// <summary>Whether it is known that something is so.</summary>
    public bool Knows(string key) => Entry(key) is not null;

    private void Keep(string key, Fragment? fragment)
    {
        var place = PlaceOf(key);
        var draft = $"{place}.{Guid.NewGuid():N}";
        try
        {
            MakeFolder(draft);
            IReadOnlyList<string> files = fragment?.Files ?? [];
            foreach (var file in files.Append(fragment?.List).OfType<string>())
            {
                Copy(file, Path.Combine(draft, Path.GetFileName(file)));
            }

            var entry = new CacheEntry(
                key, time.GetUtcNow(), fragment?.Rows ?? 0, fragment?.Rejected ?? 0, [.. files.Select(file => Path.GetFileName(file))],
                fragment?.List is { } list ? Path.GetFileName(list) : null);
            File.WriteAllBytes(Path.Combine(draft, EntryName), JsonSerializer.SerializeToUtf8Bytes(entry, CacheJson.Default.CacheEntry));
            Remove(place);
            Directory.Move(draft, place);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full disk, or another process that keeps the same rows: the query has its own.
            Remove(draft);
        }
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        foreach (var place in Directory.Exists(folder) ? Directory.GetDirectories(folder) : [])
        {
            Remove(place);
        }
    }

    /// <summary>Removes what is too old to be used.</summary>
    public void Clean()
    {
        foreach (var place in Directory.Exists(folder) ? Directory.GetDirectories(folder) : [])
        {
            if (Read(place) is { } entry ? IsOld(entry) : IsLeftBehind(place))
            {
                Remove(place);
            }
        }
    }

    // A process that was killed while it kept rows.
    private bool IsLeftBehind(string place) => time.GetUtcNow() - new DateTimeOffset(Directory.GetCreationTimeUtc(place)) > TimeSpan.FromDays(1);

    private (string Place, CacheEntry Entry)? Find(Reading reading) =>
        Entry(reading.Key) ?? (DecidesWays && !reading.IsWhole && !reading.IsCounted ? Entry(reading.Whole.Key) : null);

    private (string Place, CacheEntry Entry)? Entry(string key)
    {
        var place = PlaceOf(key);
        return Read(place) is { } entry && entry.Key == key && !IsOld(entry) ? (place, entry) : null;
    }

    private bool IsOld(CacheEntry entry) => time.GetUtcNow() - entry.At is var age && (age > lifetime || age < -TimeSpan.FromMinutes(1));

    // By this machine's clock, as the entry's time is: the workspace's may be minutes away from it.
    private TimeSpan AgeOf(CacheEntry entry) =>
        time.GetUtcNow() - entry.At is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;

    private string PlaceOf(string key) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32]);

    private static CacheEntry? Read(string place)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(RegularFile.Require(Path.Combine(place, EntryName))), CacheJson.Default.CacheEntry);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // Rows are personal data.
    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string Copy(string from, string to)
    {
        File.Copy(from, to);
        return to;
    }

    private static void Remove(string place)
    {
        try
        {
            Directory.Delete(place, recursive: true);
        }
        catch (IOException)
        {
            // Not there, or another process was quicker.
        }
    }
}

/// <summary>What stands beside the rows of an entry.</summary>
internal sealed record CacheEntry(string Key, DateTimeOffset At, long Rows, long Rejected, IReadOnlyList<string> Files, string? List);

/// <summary>The JSON of entries.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(CacheEntry))]
internal sealed partial class CacheJson : System.Text.Json.Serialization.JsonSerializerContext;
