using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Files;

/// <summary>Reads a table's files in order. They are read into a database of their own first: a load may replace them while rows are taken.</summary>
internal sealed class TableReader(IFileStore store, FileSettings settings, string scratch)
{
    private const int MostAttempts = 20;

    /// <summary>Opens a table; null when there is none.</summary>
    public async Task<DbDataReader?> OpenAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel)
    {
        Directory.CreateDirectory(scratch);
        var connection = new InterruptibleConnection(DuckDbSettings.ConnectionString(Path.Combine(scratch, "rows.duckdb")));
        try
        {
            await connection.OpenAsync(cancel);
            if (
                !(
                    SystemTableQuery.Has(table)
                        ? await FillWithSystemTableAsync(connection, schema, table, cancel)
                        : await FillAsync(connection, store.Table(schema, table), cancel)))
            {
                await connection.DisposeAsync();
                return null;
            }

            var order = string.Join(", ", orderBy.Select(column => $"{StagingTables.Quote(column)} ASC NULLS FIRST"));
            var columns = await connection.ColumnsAsync("main", "rows", cancel);

            // The reader closes the connection at its end; the destination removes the files.
            var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM rows{(order.Length == 0 ? "" : $" ORDER BY {order}")}";
            var rows = await command.ExecuteReaderAsync(cancel);
            return new TypedReader(
                rows, [.. columns.Values.Select(SqlType.Parse)], ordinal => Convert.ToString(rows.GetValue(ordinal), CultureInfo.InvariantCulture)!,
                error => error is DuckDBException refused ? FileErrors.Reading($"{schema}.{table}", store.Name, refused) : null, command, connection);
        }
        catch (DuckDBException error)
        {
            await connection.DisposeAsync();
            throw FileErrors.Reading($"{schema}.{table}", store.Name, error);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> FillWithSystemTableAsync(DuckDBConnection connection, string schema, string table, CancellationToken cancel)
    {
        if (await new SystemTableQuery(store, schema).SelectAsync(table, Path.Combine(scratch, "books"), cancel) is not { } select)
        {
            return false;
        }

        await connection.RunAsync($"CREATE TABLE rows AS {select}", cancel);
        return true;
    }

    private async Task<bool> FillAsync(DuckDBConnection connection, ITableFolder folder, CancellationToken cancel)
    {
        var manifest = await folder.ReadAsync(cancel);
        for (var attempt = 1; manifest is { HasTable: true }; attempt++)
        {
            try
            {
                await FillAsync(connection, folder, manifest, Path.Combine(scratch, $"attempt-{attempt}"), cancel);
                return true;
            }
            catch (Exception error) when (error is DuckDBException or SluiceException && attempt < MostAttempts)
            {
                // Files that are gone belong to a version that has been replaced meanwhile; when it has not, they should be there.
                var now = await folder.ReadAsync(cancel);
                if (now is not null && now.Files.SequenceEqual(manifest.Files))
                {
                    throw;
                }

                manifest = now;
            }
        }

        return false;
    }

    private async Task FillAsync(DuckDBConnection connection, ITableFolder folder, TableManifest manifest, string place, CancellationToken cancel)
    {
        IReadOnlyList<TypedColumn> columns = [.. manifest.Columns.Select(column => new TypedColumn(column.Name, column.Type))];
        IReadOnlyList<string> paths = [.. manifest.Files.Select(file => file.Path)];
        var root = await folder.FetchAsync(paths, Path.Combine(place, "fetched"), cancel);
        var files = new FileRows(root, paths, manifest.Files.Max(file => file.WidestRow));
        var format = settings.Format(manifest.Layout!);
        await MemoryBudget.OfProcess.AllowAsync(connection, folder.Name, files.WidestRow, columns.Count, cancel, format.CopiesOfRecord);
        var rows = await format.ReadAsync(connection, files, columns, Path.Combine(place, "lines"), cancel);
        await connection.RunAsync(
            $"CREATE OR REPLACE TABLE rows AS SELECT {string.Join(", ", columns.Select(column => column.Quoted))} FROM ({rows})", cancel);
    }
}
