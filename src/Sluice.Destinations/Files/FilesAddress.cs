using Sluice.Destinations.Files.Formats;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Files;

/// <summary>
/// The address of files: <c>parquet:///folder</c> or <c>parquet:////absolute/folder</c>, <c>csv:</c> and <c>jsonl:</c> likewise, and
/// <c>s3://bucket/prefix</c> or <c>azblob://container/prefix</c>, all with options after a question mark.
/// </summary>
internal sealed record FilesAddress
{
    // The schemes with the options that say where files are; how they are made is said by FileOption.
    private static readonly Dictionary<string, string[]> PlaceOptions = new(StringComparer.Ordinal)
    {
        ["csv"] = [],
        ["jsonl"] = [],
        ["parquet"] = [],
        ["s3"] = ["endpoint", "region"],
        ["azblob"] = ["account", "endpoint"],
    };

    private readonly Dictionary<string, string> _options = new(StringComparer.OrdinalIgnoreCase);

    private FilesAddress(string scheme, string place, string query)
    {
        Scheme = scheme;
        Place = place;
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            _options[Uri.UnescapeDataString(pair[0])] = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "";
        }

        RequireKnownOptions();
        Settings = FileOption.All.Aggregate(
            FileSettings.Of(IsLocal ? Enum.Parse<FileFormat>(Scheme, ignoreCase: true) : FileFormat.Parquet),
            (settings, option) => Option(option.Name) is { } text ? option.Apply(settings, text) : settings);
    }

    /// <summary>The scheme in small letters.</summary>
    public string Scheme { get; }

    /// <summary>The full path of the folder; of an object store the bucket or container and then the prefix, without slashes at the ends.</summary>
    public string Place { get; }

    /// <summary>How files are to be made.</summary>
    public FileSettings Settings { get; }

    private bool IsLocal => Scheme is not ("s3" or "azblob");

    /// <summary>Whether an address is one of files.</summary>
    public static bool IsFiles(string uri) => PlaceOptions.Keys.Any(scheme => uri.StartsWith(scheme + "://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads an address.</summary>
    /// <exception cref="SluiceException">It is wrong (kind Config).</exception>
    public static FilesAddress Parse(string uri)
    {
        var parts = uri.Split('?', 2);
        var end = parts[0].IndexOf("://", StringComparison.Ordinal);
        var scheme = uri[..end].ToLowerInvariant();
        return new FilesAddress(scheme, PlaceOf(scheme, parts[0][(end + 3)..]), parts.Length > 1 ? parts[1] : "");
    }

    /// <summary>An option as it was given; null when it was not.</summary>
    public string? Option(string name) => _options.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public override string ToString() => IsLocal ? $"{Scheme}:///{Place}" : $"{Scheme}://{Place}";

    private void RequireKnownOptions()
    {
        string[] known =
        [
            .. FileOption.All.Select(option => option.Name).Where(name => !IsLocal || name != FileOption.Format),
            .. PlaceOptions[Scheme],
        ];
        if (_options.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } odd)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{Scheme}:// has no option '{odd}'.",
                $"{Suggestion.For(odd, known)} It has: {string.Join(", ", known)}.".TrimStart());
        }
    }

    private static string PlaceOf(string scheme, string path) =>
        scheme switch
        {
            "s3" => BucketOf(path, "s3", "bucket", "s3://bucket/prefix?format=parquet"),
            "azblob" => BucketOf(path, "azblob", "container", "azblob://container/prefix?account=name&format=parquet"),
            _ => Uri.UnescapeDataString(path.StartsWith('/') ? path[1..] : path) is { Length: > 0 } folder
                ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))
                : throw new SluiceException(
                    SluiceErrorKind.Config,
                    $"{scheme}://{path} names no folder.",
                    $"Name one: {scheme}:///exports, or {scheme}:////absolute/exports"),
        };

    private static string BucketOf(string path, string scheme, string word, string example) =>
        Uri.UnescapeDataString(path).Trim('/') is { Length: > 0 } place && path[0] != '/'
            ? place
            : throw new SluiceException(SluiceErrorKind.Config, $"{scheme}://{path} names no {word}.", $"Name one: {example}");
}
