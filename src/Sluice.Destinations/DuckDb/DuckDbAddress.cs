using Sluice.Engine;

namespace Sluice.Destinations.DuckDb;

/// <summary>The address of a DuckDB file: <c>duckdb:///relative.duckdb</c> or <c>duckdb:////absolute/path.duckdb</c>.</summary>
internal sealed record DuckDbAddress(string Path)
{
    private const string Scheme = "duckdb://";

    /// <summary>Reads an address; three slashes are a path from the current folder, four one from the root, as in SQLAlchemy.</summary>
    public static DuckDbAddress Parse(string uri)
    {
        var rest = uri[Scheme.Length..];
        var path = Uri.UnescapeDataString(rest.StartsWith('/') ? rest[1..] : rest);
        if (path.Length == 0 || path.EndsWith('/'))
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"{uri} names no file.", "Name one: duckdb:///customerio.duckdb, or duckdb:////absolute/path.duckdb");
        }

        return new DuckDbAddress(System.IO.Path.GetFullPath(path));
    }

    public override string ToString() => $"{Scheme}/{Path}";
}
