using Sluice.Engine;

namespace Sluice.Destinations;

/// <summary>The address of a database that is one file: <c>duckdb:///relative.duckdb</c> or <c>duckdb:////absolute/path.duckdb</c>.</summary>
/// <param name="Scheme">What stands before the path, such as <c>duckdb://</c>.</param>
/// <param name="Path">The file's absolute path.</param>
internal sealed record FileAddress(string Scheme, string Path)
{
    /// <summary>Reads an address; three slashes are a path from the current folder, four one from the root, as in SQLAlchemy.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="ending">What such files are called, for the example.</param>
    public static FileAddress Parse(string uri, string ending)
    {
        var scheme = uri[..(uri.IndexOf("://", StringComparison.Ordinal) + 3)].ToLowerInvariant();
        var parts = uri[scheme.Length..].Split('?', 2);
        RefuseOptions(scheme, parts.Length > 1 ? parts[1] : "");
        var rest = parts[0];
        var path = Uri.UnescapeDataString(rest.StartsWith('/') ? rest[1..] : rest);
        if (path.Length == 0 || path.EndsWith('/'))
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"{uri} names no file.", $"Name one: {scheme}/customerio{ending}, or {scheme}//absolute/path{ending}");
        }

        return new FileAddress(scheme, System.IO.Path.GetFullPath(path));
    }

    private static void RefuseOptions(string scheme, string query)
    {
        if (query.Split('&', StringSplitOptions.RemoveEmptyEntries) is [var first, ..])
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{scheme} has no option '{Uri.UnescapeDataString(first.Split('=')[0])}': such an address has none at all.",
                "Leave out what stands behind the question mark; one that belongs to the name of the file is written %3F.");
        }
    }

    /// <summary>Sees to it that the file's folder is there, and nothing in the file's place that could not be opened.</summary>
    public void RequireFolder()
    {
        if (RegularFile.SpecialKind(Path) is { } kind)
        {
            throw new SluiceException(SluiceErrorKind.Destination, $"{Path} is {kind}, and a database is a file.", "Name another one.");
        }

        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (!Directory.Exists(folder))
        {
            throw new SluiceException(SluiceErrorKind.Destination, $"{folder} does not exist, so {Path} can't be made.", $"mkdir -p '{folder}'");
        }
    }

    public override string ToString() => $"{Scheme}/{Path}";
}
