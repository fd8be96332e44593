using System.Data.Common;
using System.Globalization;
using Sluice.Destinations.Merge;
using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>A ClickHouse server, by its HTTP interface.</summary>
internal sealed class ClickHouseDestination : IDestination
{
    private readonly ClickHouseServer _server;
    private readonly TimeProvider _time;
    private readonly HashSet<string> _schemas = new(StringComparer.Ordinal);

    private ClickHouseDestination(ClickHouseServer server, TimeProvider time)
    {
        _server = server;
        _time = time;
    }

    public string Name => _server.Address.ToString();

    public static async Task<ClickHouseDestination> OpenAsync(string uri, CancellationToken cancel)
    {
        var server = new ClickHouseServer(ClickHouseAddress.Parse(uri));
        try
        {
            await ClickHouseErrors.GuardAsync(server.Address, "Connecting", () => server.ConnectAsync(cancel));
            return new ClickHouseDestination(server, TimeProvider.System);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Asks a server with SQL.</summary>
    public static async Task QueryAsync(string uri, string sql, Func<DbDataReader, Task> read, CancellationToken cancel)
    {
        using var server = new ClickHouseServer(ClickHouseAddress.Parse(uri));
        try
        {
            await server.ConnectAsync(cancel);
            await using var rows = await server.ReadAsync(sql, cancel);
            await read(rows);
        }
        catch (Exception error) when (ClickHouseException.From(error) is { } told)
        {
            throw told.IsOfStatement ? QueryText.Refused(told.Message, told) : ClickHouseErrors.Say(server.Address, "The query", told);
        }
    }

    // Making a table, a row and dropping it again are the rights that a load needs; the name belongs to this check alone.
    public Task<string> CheckAsync(CancellationToken cancel) =>
        ClickHouseErrors.GuardAsync(
            _server.Address,
            "Checking",
            async () =>
            {
                var database = _server.Address.Database;
                if (
                    database is not null
                    && await _server.CountAsync("SELECT count() FROM system.databases WHERE name = {database:String}", cancel, ("database", database))
                        == 0)
                {
                    return $"ClickHouse {_server.Version}; the database {database} is not there and will be made";
                }

                var name = $"{ClickHouseText.Quote(database ?? "default")}.{ClickHouseText.Quote($"_sluice_check_{Guid.NewGuid():N}")}";
                await _server.RunAsync(ClickHouseDdl.CreateHeap(name, [new ClickHouseColumn("i", ClickHouseType.Bigint)]), cancel);
                try
                {
                    await _server.RunAsync($"INSERT INTO {name} SELECT 1", cancel);
                }
                finally
                {
                    await _server.RunAsync(new ClickHouseDdl(cluster: null).Drop(name), CancellationToken.None);
                }

                var tables = await _server.CountAsync(
                    "SELECT count() FROM system.tables WHERE database = {database:String}", cancel, ("database", database ?? "default"));
                return string.Create(
                    CultureInfo.InvariantCulture, $"ClickHouse {_server.Version}, {tables} tables in {database ?? "default"}, writable");
            });

    public ISystemTables SystemTables(string schema) => new ClickHouseSystemTables(new ClickHouseDatabase(_server, schema));

    public IModelViews Models(string schema) => new ClickHouseModels(_server, schema);

    public Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel) =>
        ClickHouseErrors.GuardAsync(_server.Address, $"Reading {schema}.{table}", async () =>
            await new ClickHouseDatabase(_server, schema).ReadAsync(table, cancel) is { } found
                ? await OpenReaderAsync(found, orderBy, $"Reading {schema}.{table}", cancel)
                : null);

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
    }

    public Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel) =>
        ClickHouseErrors.GuardAsync<ITargetWriter>(_server.Address, $"Preparing {target.Schema}", async () =>
        {
            ColumnIndexes.RequireNone(target);
            var database = new ClickHouseDatabase(_server, target.Schema);
            _ = database.Schema.Bare(target.Table);
            bool isNew;
            lock (_schemas)
            {
                isNew = !_schemas.Contains(target.Schema);
            }

            if (isNew)
            {
                await database.CreateAsync(cancel);
                lock (_schemas)
                {
                    _schemas.Add(target.Schema);
                }
            }

            return new ClickHouseTableWriter(database, target, _time);
        });

    private async Task<DbDataReader?> OpenReaderAsync(ClickHouseTable table, IReadOnlyList<string> orderBy, string doing, CancellationToken cancel)
    {
        var columns = table.Columns.Where(column => !ClickHouseTable.IsHidden(column.Name)).ToList();
        var values = columns.Select(column => $"CAST({column.Quoted} AS {ClickHouseType.Of(column.Meaning)}) AS {column.Quoted}");
        var order =
            orderBy.Count == 0 ? "" : $" ORDER BY {string.Join(", ", orderBy.Select(column => $"{ClickHouseText.Quote(column)} ASC NULLS FIRST"))}";
        var rows = await _server.ReadAsync($"SELECT {string.Join(", ", values)} FROM {table.Rows()}{order}", cancel);
        return new TypedReader(
            rows,
            [.. columns.Select(column => column.Meaning)],
            rows.GetString,
            error => ClickHouseException.From(error) is { } told ? ClickHouseErrors.Say(_server.Address, doing, told) : null);
    }
}
