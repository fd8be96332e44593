using System.Text;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Files.Formats;

/// <summary>Files to be read.</summary>
/// <param name="Root">The folder that they stand in.</param>
/// <param name="Paths">Their paths below it, with slashes.</param>
/// <param name="WidestRow">A length in bytes that no row's text goes beyond.</param>
internal sealed record FileRows(string Root, IReadOnlyList<string> Paths, long WidestRow)
{
    /// <summary>The column that tells of each row which file it is from.</summary>
    public const string FileColumn = "_sluice_file";

    /// <summary>The files as a list for DuckDB, which would take the letters of patterns for patterns.</summary>
    public string List => $"[{string.Join(", ", Paths.Select(path => DuckDBLiteral.Quote(Escape(Path.Combine(Root, path)))))}]";

    /// <summary>The path below the root out of what DuckDB says of a row's file.</summary>
    public string PathOf(string column) =>
        $"replace(substr({column}, {Path.TrimEndingDirectorySeparator(Root).EnumerateRunes().Count() + 2}), '\\', '/') AS {FileColumn}";

    private static string Escape(string path)
    {
        var escaped = new StringBuilder();
        foreach (var letter in path)
        {
            escaped.Append(letter is '*' or '?' or '[' ? $"[{letter}]" : letter);
        }

        return escaped.ToString();
    }
}
