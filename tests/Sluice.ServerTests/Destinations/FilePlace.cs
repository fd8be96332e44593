using System.Globalization;
using DuckDB.NET.Data;

namespace Sluice.ServerTests.Destinations;

/// <summary>A file or folder by its scheme.</summary>
internal sealed class FilePlace(string scheme, string name, string query = "") : DestinationPlace
{
    public string Path => System.IO.Path.Combine(Folder, name);

    /// <summary>The only value that a statement gives, asked of a DuckDB file by a client that is not Sluice.</summary>
    public string AskDuckDb(string sql)
    {
        using var connection = new DuckDBConnection($"Data Source={Path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    public override string Uri => $"{scheme}:///{Path}{query}";
}
