using System.Data;
using System.Data.Common;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifests;
using Sluice.Destinations.Staging;
using Sluice.DuckDb;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Files;

/// <summary>Tables as folders of files, on this machine or in an object store.</summary>
internal sealed class FilesDestination(IFileStore store, FileSettings settings) : StagedDestination
{
    private readonly string _scratch = Path.Combine(Path.GetTempPath(), $"sluice-files-{Guid.NewGuid():N}");
    private int _readers;

    public override string Name => store.Name;

    public override Task<string> CheckAsync(CancellationToken cancel) => store.CheckAsync(cancel);

    public override IBooks Books(string schema) => new FilesBooks(store, schema, Path.Combine(_scratch, "books"));

    public override async Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel)
    {
        var folder = store.Table(schema, table);
        if (await folder.ReadAsync(cancel) is not { HasTable: true } manifest)
        {
            return null;
        }

        var scratch = Path.Combine(_scratch, $"reader-{Interlocked.Increment(ref _readers)}");
        Directory.CreateDirectory(scratch);
        var connection = new DuckDBConnection(DuckDbSettings.ConnectionString(DuckDBConnectionStringBuilder.InMemoryDataSource));
        try
        {
            await connection.OpenAsync(cancel);
            await connection.RunAsync($"{DuckDbSettings.Session}; SET temp_directory = {DuckDBLiteral.Quote(Path.Combine(scratch, "spill"))}", cancel);
            return await ReadAsync(connection, folder, manifest, orderBy, scratch, cancel);
        }
        catch (DuckDBException error)
        {
            await connection.DisposeAsync();
            throw FileErrors.Reading($"{schema}.{table}", folder.Name, error);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await store.DisposeAsync();
        if (Directory.Exists(_scratch))
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }

    protected override Task<ITablePublisher> PublisherAsync(LoadTarget target, CancellationToken cancel) =>
        Task.FromResult<ITablePublisher>(new FilesPublisher(store.Table(target.Schema, target.Table), target, settings));

    private async Task<DbDataReader> ReadAsync(
        DuckDBConnection connection, ITableFolder folder, TableManifest manifest, IReadOnlyList<string> orderBy, string scratch, CancellationToken cancel)
    {
        IReadOnlyList<TypedColumn> columns = [.. manifest.Columns.Select(column => new TypedColumn(column.Name, column.Type))];
        var root = await folder.FetchAsync(manifest.Files, Path.Combine(scratch, "fetched"), cancel);
        var files = new FileRows(root, [.. manifest.Files.Select(file => file.Path)], manifest.Files.Max(file => file.WidestRow));
        var rows = await settings.Format(manifest.Layout!).ReadAsync(connection, files, columns, Path.Combine(scratch, "lines"), cancel);
        var order = string.Join(", ", orderBy.Select(column => $"{StageTables.Quote(column)} ASC NULLS FIRST"));
        var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns.Select(ColumnText.Quote))} FROM ({rows}){(order.Length == 0 ? "" : $" ORDER BY {order}")}";

        // The reader closes the connection at its end; the destination removes what was fetched.
        return await command.ExecuteReaderAsync(CommandBehavior.CloseConnection, cancel);
    }
}
