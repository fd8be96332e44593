using DuckDB.NET.Data;
using Sluice.Engine;
using Sluice.Engine.DuckDb;

namespace Sluice.Sql.Planning;

/// <summary>A DuckDB file whose tables can be joined with live ones.</summary>
internal static class AttachedFile
{
    public static async Task AttachAsync(DuckDBConnection connection, string name, string path, CancellationToken cancel)
    {
        if (!File.Exists(path))
        {
            throw new SluiceException(SluiceErrorKind.Config, $"There is no file {path} to attach.", "--attach names a DuckDB file that is there.");
        }

        try
        {
            await connection.RunAsync(
                $"ATTACH {DuckDBLiteral.Quote(Path.GetFullPath(path))} AS {DuckDBIdentifier.Quote(name)} (READ_ONLY)", cancel);
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Opening(path, error);
        }
    }
}

/// <summary>What can be read beside live tables.</summary>
/// <param name="Attached">DuckDB files, by the name that they get.</param>
/// <param name="SystemTables">The statements that make system tables, or null.</param>
internal sealed record QueryOpening(IReadOnlyDictionary<string, string> Attached, string? SystemTables);
