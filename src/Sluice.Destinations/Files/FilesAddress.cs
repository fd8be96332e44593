using System.Globalization;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Partitions;
using Sluice.Engine;

namespace Sluice.Destinations.Files;

/// <summary>
/// The address of files: <c>parquet:///folder</c> or <c>parquet:////absolute/folder</c>, <c>csv:</c> and <c>jsonl:</c> likewise, and
/// <c>s3://bucket/prefix</c> or <c>azblob://container/prefix</c>, all with options after a question mark.
/// </summary>
internal sealed record FilesAddress
{
    /// <summary>The schemes of files on this machine.</summary>
    public static IReadOnlyList<string> LocalSchemes { get; } = ["csv", "jsonl", "parquet"];

    private static readonly string[] FileOptions = ["compression", "formula_guard", "partition_by", "row_group_rows", "file_rows"];

    private readonly Dictionary<string, string> _options = new(StringComparer.OrdinalIgnoreCase);

    private FilesAddress(string scheme, string place, IEnumerable<KeyValuePair<string, string>> options)
    {
        Scheme = scheme;
        Place = place;
        foreach (var (name, value) in options)
        {
            _options[name] = value;
        }
    }

    /// <summary>The scheme in small letters.</summary>
    public string Scheme { get; }

    /// <summary>The full path of the folder; of an object store the bucket or container and then the prefix, without slashes at the ends.</summary>
    public string Place { get; }

    /// <summary>Whether the files are on this machine.</summary>
    public bool IsLocal => LocalSchemes.Contains(Scheme);

    /// <summary>Reads an address.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="more">The options that the scheme has besides those of files.</param>
    /// <exception cref="SluiceException">It is wrong (kind Config).</exception>
    public static FilesAddress Parse(string uri, params string[] more)
    {
        var end = uri.IndexOf("://", StringComparison.Ordinal);
        var scheme = uri[..end].ToLowerInvariant();
        var question = uri.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? uri[(end + 3)..] : uri[(end + 3)..question];
        var address = new FilesAddress(scheme, PlaceOf(scheme, path), question < 0 ? [] : Options(uri[(question + 1)..]));
        string[] known = [.. FileOptions, .. address.IsLocal ? [] : new[] { "format" }, .. more];
        return address._options.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } odd
            ? throw new SluiceException(SluiceErrorKind.Config, $"{scheme}:// has no option '{odd}'.", $"It has: {string.Join(", ", known)}.")
            : address;
    }

    /// <summary>An option as it was given; null when it was not.</summary>
    public string? Option(string name) => _options.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>How files are to be made.</summary>
    /// <exception cref="SluiceException">An option has no usable value (kind Config).</exception>
    public FileSettings Settings()
    {
        var format = Word("format", IsLocal ? Enum.Parse<FileFormat>(Scheme, ignoreCase: true) : FileFormat.Parquet);
        var settings = new FileSettings
        {
            FileFormat = format,
            Compression = Word("compression", format == FileFormat.Parquet ? Compression.Zstd : Compression.None),
            FormulaGuard = Option("formula_guard") is { } guard && Switch("formula_guard", guard),
            Partitions = Partition.ReadList(Option("partition_by")),
        };
        Require(settings.FormulaGuard, format, FileFormat.Csv, "formula_guard");
        Require(Option("row_group_rows") is not null, format, FileFormat.Parquet, "row_group_rows");
        return settings with
        {
            RowGroupRows = (int)Whole("row_group_rows", settings.RowGroupRows, 2048, 10_000_000),
            RowsInFile = Whole("file_rows", settings.RowsInFile, 1, long.MaxValue),
        };
    }

    public override string ToString() => IsLocal ? $"{Scheme}:///{Place}" : $"{Scheme}://{Place}";

    private static string PlaceOf(string scheme, string path)
    {
        if (LocalSchemes.Contains(scheme))
        {
            var folder = Uri.UnescapeDataString(path.StartsWith('/') ? path[1..] : path);
            return folder.Length > 0 ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) : throw new SluiceException(
                SluiceErrorKind.Config, $"{scheme}://{path} names no folder.", $"Name one: {scheme}:///exports, or {scheme}:////absolute/exports");
        }

        var place = Uri.UnescapeDataString(path).Trim('/');
        return place.Length > 0 && path[0] != '/' ? place : throw new SluiceException(
            SluiceErrorKind.Config,
            $"{scheme}://{path} names no {(scheme == "s3" ? "bucket" : "container")}.",
            scheme == "s3" ? "Name one: s3://bucket/prefix?format=parquet" : "Name one: azblob://container/prefix?account=name&format=parquet");
    }

    private static IEnumerable<KeyValuePair<string, string>> Options(string query) => query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create(Uri.UnescapeDataString(pair[0]), pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : ""));

    private T Word<T>(string name, T otherwise)
        where T : struct, Enum => Option(name) switch
        {
            null => otherwise,
            { } word when Enum.TryParse<T>(word, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(word[0]) => value,
            { } word => throw Odd(name, word, $"one of {string.Join(", ", Enum.GetNames<T>().Select(one => one.ToLowerInvariant()))}"),
        };

    private static bool Switch(string name, string word) =>
        bool.TryParse(word, out var value) ? value : word is "1" || (word is "0" ? false : throw Odd(name, word, "true or false"));

    private long Whole(string name, long otherwise, long least, long most) => Option(name) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
        : throw Odd(name, text, $"a whole number of at least {least}");

    private static void Require(bool given, FileFormat format, FileFormat needed, string name)
    {
        if (given && format != needed)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"{name} is an option of {needed.ToString().ToLowerInvariant()} files, not of {format.ToString().ToLowerInvariant()}.", "Leave it out.");
        }
    }

    private static SluiceException Odd(string name, string word, string wanted) => new(SluiceErrorKind.Config, $"The option {name}={word} can't be.", $"Give {wanted}.");
}
