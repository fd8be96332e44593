using System.IO.Compression;
using System.IO.Enumeration;
using System.Security.Cryptography;
using Sluice.Engine;
using Sluice.Engine.DuckDb;

namespace Sluice.Writes.Import;

/// <summary>How a file's rows are written.</summary>
internal enum SourceFormat
{
    Csv,
    Tsv,
    JsonLines,
    Json,
    Parquet,
}

/// <summary>One file of rows.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Format">How its rows are written.</param>
/// <param name="Delimiter">What stands between the values of a line of CSV.</param>
internal sealed record SourceFile(string Path, SourceFormat Format, char Delimiter)
{
    private const int HeadBytes = 64 * 1024;

    public bool HasLines => Format is SourceFormat.Csv or SourceFormat.Tsv or SourceFormat.JsonLines;

    public bool IsCsv => Format is SourceFormat.Csv or SourceFormat.Tsv;

    public bool IsJson => Format is SourceFormat.Json or SourceFormat.JsonLines;

    /// <summary>The rows as DuckDB reads them; of CSV every value is text.</summary>
    public string Sql(string extra = "ignore_errors = true")
    {
        var path = ConnectionExtensions.QuotePath(Path);
        return Format switch
        {
            SourceFormat.Parquet => $"read_parquet({path})",
            SourceFormat.JsonLines => $"read_ndjson_objects({path}, ignore_errors = true)",
            SourceFormat.Json => $"read_json_objects({path}, format = 'auto')",
            // DuckDB's own buffers of 32 MB are a third of a small memory limit each.
            _ => $"read_csv({path}, buffer_size = 8388608, all_varchar = true, header = true, skip = 0, "
                + $"delim = {DuckDBLiteral.Quote(Delimiter.ToString())}, "
                + $"""quote = '"', escape = '"', {extra})""",
        };
    }

    /// <summary>Looks at a file's name and first bytes.</summary>
    /// <exception cref="SluiceException">It is missing, empty, or something that holds no rows (kind Config).</exception>
    public static SourceFile Open(string path)
    {
        var head = Head(path);
        var name = System.IO.Path.GetFileName(path);
        if (head.Length == 0)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"{name} is empty.", "Its first line must name the columns.");
        }

        Refuse(name, head);
        var format = FormatOf(name, head);
        return new SourceFile(path, format, format == SourceFormat.Tsv ? '\t' : DelimiterOf(head));
    }

    /// <summary>Opens what can be read but once, such as a named pipe or <c>&lt;(command)</c> of a shell; null for anything else.</summary>
    public static Stream? OpenPipe(string named, string folder)
    {
        var path = System.IO.Path.Combine(folder, named);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var file = File.OpenRead(path);
            if (!file.CanSeek)
            {
                return file;
            }

            file.Dispose();
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            // The reading of its first bytes says so.
            return null;
        }
    }

    /// <summary>The files that a name or a pattern stands for, in the order of their names.</summary>
    /// <exception cref="SluiceException">There are none (kind Config).</exception>
    public static IReadOnlyList<string> Expand(string named, string folder)
    {
        var full = System.IO.Path.Combine(folder, named);
        if (File.Exists(full) || named.IndexOfAny(['*', '?']) < 0)
        {
            return [full];
        }

        var (place, pattern) = (System.IO.Path.GetDirectoryName(full)!, System.IO.Path.GetFileName(full));
        var found = Directory.Exists(place)
            ? Directory.EnumerateFiles(place).Where(path => FileSystemName.MatchesSimpleExpression(pattern, System.IO.Path.GetFileName(path), false))
            : [];
        return found.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } files
            ? files
            : throw new SluiceException(SluiceErrorKind.Config, $"There is no file {named}.");
    }

    /// <summary>The hashes of what is in files, in their order.</summary>
    public static async Task<string> HashAllAsync(IEnumerable<SourceFile> files, CancellationToken cancel)
    {
        var hashes = new List<string>();
        foreach (var one in files)
        {
            await using var file = File.OpenRead(one.Path);
            hashes.Add(Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)));
        }

        return string.Join(',', hashes);
    }

    private static byte[] Head(string path)
    {
        if (Directory.Exists(path))
        {
            throw new SluiceException(SluiceErrorKind.Config, $"{path} is a folder.", "Name the files in it by a pattern, as in 'people-*.csv'.");
        }

        try
        {
            using var file = File.OpenRead(path);
            var magic = new byte[2];
            var length = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
            file.Seek(0, SeekOrigin.Begin);
            using Stream text = length == 2 && magic is [0x1f, 0x8b] ? new GZipStream(file, CompressionMode.Decompress) : file;
            var head = new byte[HeadBytes];
            return head[..text.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                error is FileNotFoundException or DirectoryNotFoundException ? $"There is no file {path}." : $"{path} can't be read: {error.Message}",
                inner: error);
        }
    }

    private static void Refuse(string name, byte[] head)
    {
        if (head is [(byte)'P', (byte)'K', 3, 4, ..] or [0xD0, 0xCF, 0x11, 0xE0, ..])
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"{name} is a workbook or an archive.", "Save the sheet as CSV (UTF-8), or unpack the archive.");
        }

        if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new SluiceException(SluiceErrorKind.Config, $"{name} is UTF-16.", "Save it as UTF-8: iconv -f utf-16 -t utf-8 does.");
        }
    }

    private static SourceFormat FormatOf(string name, byte[] head)
    {
        var plain = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".zst", StringComparison.OrdinalIgnoreCase)
            ? System.IO.Path.GetFileNameWithoutExtension(name)
            : name;
        return System.IO.Path.GetExtension(plain).ToLowerInvariant() switch
        {
            ".csv" => SourceFormat.Csv,
            ".tsv" => SourceFormat.Tsv,
            ".ndjson" or ".jsonl" => SourceFormat.JsonLines,
            ".json" => SourceFormat.Json,
            ".parquet" => SourceFormat.Parquet,
            _ => FormatOf(head),
        };
    }

    private static SourceFormat FormatOf(ReadOnlySpan<byte> head) => head.TrimStart(" \t\r\n\ufeff"u8) switch
    {
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => SourceFormat.Parquet,
        [(byte)'{', ..] => SourceFormat.JsonLines,
        [(byte)'[', ..] => SourceFormat.Json,
        _ => SourceFormat.Csv,
    };

    // The one that the line of names has most of. Files that can't be looked into have commas.
    private static char DelimiterOf(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf((byte)'\n');
        var (best, most) = (',', 0);
        foreach (var candidate in ",;\t|")
        {
            var count = (end < 0 ? head : head[..end]).Count((byte)candidate);
            (best, most) = count > most ? (candidate, count) : (best, most);
        }

        return best;
    }
}
