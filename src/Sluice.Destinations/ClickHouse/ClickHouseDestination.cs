using System.Data.Common;
using System.Globalization;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.ClickHouse;

/// <summary>A ClickHouse server, by its HTTP interface.</summary>
internal sealed class ClickHouseDestination : IDestination
{
    private const int OldReadTries = 20;

    private readonly ClickHouseClient _client;
    private readonly TimeProvider _time;
    private readonly HashSet<string> _schemas = new(StringComparer.Ordinal);

    private ClickHouseDestination(ClickHouseClient client, TimeProvider time)
    {
        _client = client;
        _time = time;
    }

    public string Name => _client.Address.ToString();

    public static async Task<ClickHouseDestination> OpenAsync(string uri, CancellationToken cancel)
    {
        var client = new ClickHouseClient(ClickHouseAddress.Parse(uri));
        try
        {
            await ClickHouseErrors.GuardAsync(client.Address, "Connecting", () => client.ConnectAsync(cancel));
            return new ClickHouseDestination(client, TimeProvider.System);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    // Making a table, a row and dropping it again are the rights that a load needs; the name belongs to this check alone.
    public Task<string> CheckAsync(CancellationToken cancel) => ClickHouseErrors.GuardAsync(_client.Address, "Checking", async () =>
    {
        var database = _client.Address.Database;
        if (database is not null && await _client.CountAsync("SELECT count() FROM system.databases WHERE name = {database:String}", cancel, ("database", database)) == 0)
        {
            return $"ClickHouse {_client.Version.Text}; the database {database} is not there and will be made";
        }

        var ddl = new ClickHouseDdl(_client.Version, cluster: null);
        var name = $"{ClickHouseText.Quote(database ?? "default")}.{ClickHouseText.Quote($"_sluice_check_{Guid.NewGuid():N}")}";
        await _client.RunAsync(ClickHouseDdl.CreateHeap(name, [new ClickHouseColumn("i", ClickHouseType.Bigint)]), cancel);
        try
        {
            await _client.RunAsync($"INSERT INTO {name} SELECT 1", cancel);
        }
        finally
        {
            await _client.RunAsync(ddl.Drop(name), CancellationToken.None);
        }

        var tables = await _client.CountAsync("SELECT count() FROM system.tables WHERE database = {database:String}", cancel, ("database", database ?? "default"));
        return string.Create(CultureInfo.InvariantCulture, $"ClickHouse {_client.Version.Text}, {tables} tables in {database ?? "default"}, writable");
    });

    public ISystemTables SystemTables(string schema) => new ClickHouseBooks(new ClickHousePlace(_client, schema));

    public Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel) =>
        ClickHouseErrors.GuardAsync(_client.Address, $"Reading {schema}.{table}", async () =>
        {
            var place = new ClickHousePlace(_client, schema);
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await place.ReadAsync(table, cancel) is { } found ? await OpenReaderAsync(found, orderBy, cancel) : null;
                }
                catch (ClickHouseException error) when (error.Code == ClickHouseException.UnknownTable && attempt < OldReadTries)
                {
                    // A table that another one takes the place of is away for a moment on old servers.
                    await Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancel);
                }
            }
        });

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    public Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel) =>
        ClickHouseErrors.GuardAsync<ITargetWriter>(_client.Address, $"Preparing {target.Schema}", async () =>
        {
            var place = new ClickHousePlace(_client, target.Schema);
            _ = place.Schema.Bare(target.Table);
            bool isNew;
            lock (_schemas)
            {
                isNew = !_schemas.Contains(target.Schema);
            }

            if (isNew)
            {
                await place.CreateAsync(cancel);
                lock (_schemas)
                {
                    _schemas.Add(target.Schema);
                }
            }

            return new ClickHousePublisher(place, target, _time);
        });

    private async Task<DbDataReader?> OpenReaderAsync(ClickHouseTable table, IReadOnlyList<string> orderBy, CancellationToken cancel)
    {
        var columns = table.Columns.Where(column => !ClickHouseTable.IsHidden(column.Name)).ToList();
        var values = columns.Select((column, place) => $"{ClickHouseDataReader.Select(column)} AS _sluice_value_{place}");
        var order = string.Join(", ", orderBy.Select(column => $"{ClickHouseText.Quote(column)} ASC NULLS FIRST"));
        var response = await _client.StreamAsync(
            $"SELECT {string.Join(", ", values)} FROM {table.Rows()}{(order.Length == 0 ? "" : $" ORDER BY {order}")} FORMAT RowBinary", cancel);
        return new ClickHouseDataReader(response, await response.Content.ReadAsStreamAsync(cancel), columns);
    }
}
