using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Planning;

/// <summary>Opens DuckDB for queries, so that they reach nothing of the machine but a folder of their own.</summary>
internal static class QueryConnection
{
    /// <summary>Opens a database in memory, with the settings of this process and files below one folder only.</summary>
    public static async Task<InterruptibleConnection> ConnectAsync(string folder, CancellationToken cancel)
    {
        var settings = new DuckDBConnectionStringBuilder { ConnectionString = DuckDbSettings.ConnectionString(Path.Combine(folder, "none")) };
        settings.DataSource = ":memory:";
        settings["temp_directory"] = Path.Combine(folder, "spill");
        var connection = new InterruptibleConnection(settings.ConnectionString);
        await connection.OpenAsync(cancel);
        return connection;
    }

    /// <summary>Opens one with empty tables and with the files that are attached, in a transaction.</summary>
    /// <param name="made">The tables.</param>
    /// <param name="folder">The only folder that can be reached.</param>
    /// <param name="opening">What else can be read.</param>
    /// <param name="cancel">Stops between statements.</param>
    public static async Task<InterruptibleConnection> OpenAsync(
        IReadOnlyList<LiveTable> made, string folder, QueryOpening opening, CancellationToken cancel)
    {
        var connection = await ConnectAsync(folder, cancel);
        try
        {
            foreach (var (name, path) in opening.Attached)
            {
                await AttachedFile.AttachAsync(connection, name, path, cancel);
            }

            var own = DuckDBLiteral.Quote(folder + Path.DirectorySeparatorChar);
            await connection.RunAsync($"SET allowed_directories = [{own}]; SET enable_external_access = false", cancel);
            var ddl = made.SelectMany(table => table.CreateAliasesSql.Prepend(table.CreateSql)).ToList();
            await connection.RunAsync(string.Join(';', ddl.Append(opening.SystemTables).OfType<string>().Append("BEGIN")), cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
