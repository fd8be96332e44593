using Sluice.Engine;

namespace Sluice.Destinations;

/// <summary>Tells what kind of destination a file or folder is by what is in it.</summary>
internal static class ContentKind
{
    private const int HeaderLength = 16;
    private const int DuckDbMagicAt = 8;

    private static readonly string[] Formats = ["parquet", "csv", "jsonl"];

    /// <summary>What it is in words, and the schemes that its address can have; null when nothing tells.</summary>
    public static (string What, IReadOnlyList<string> Schemes)? Of(string path)
    {
        if (Directory.Exists(path))
        {
            // Any of the formats reads what is kept of a folder, the one of its files first.
            var format = FormatIn(path);
            return ("a folder", format is null ? Formats : [format, .. Formats.Where(other => other != format)]);
        }

        if (RegularFile.SpecialKind(path) is { } kind)
        {
            return (kind, []);
        }

        return !File.Exists(path) ? null : Header(path) switch
        {
            [] => null,
            var header when header.StartsWith("SQLite format 3"u8) => ("a database of SQLite", ["sqlite"]),
            var header when header.Length > DuckDbMagicAt && header[DuckDbMagicAt..].StartsWith("DUCK"u8) => ("a database of DuckDB", ["duckdb"]),
            _ => ("neither a database of DuckDB nor one of SQLite", []),
        };
    }

    private static ReadOnlySpan<byte> Header(string path)
    {
        try
        {
            // A database may be open in another program.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var header = new byte[HeaderLength];
            return header.AsSpan(0, file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Whoever opens it says why it can't be read.
            return [];
        }
    }

    private static string? FormatIn(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        return Directory
            .EnumerateFiles(folder, "*", options)
            .Select(file => Formats.FirstOrDefault(format => Path.GetFileName(file).Contains($".{format}", StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(format => format is not null);
    }
}
