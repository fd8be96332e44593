using DuckDB.NET.Data;
using Npgsql;
using NpgsqlTypes;
using Sluice.Destinations.Postgres;

namespace Sluice.Benchmarks.Destinations;

/// <summary>Npgsql's binary COPY as one writes it by hand.</summary>
internal sealed class PostgresYardstick(string uri, string database) : Yardstick(database)
{
    private const string Bare = "bare_messages";

    public override string Name => "bare Npgsql binary COPY";

    public override async Task<Cost> ReplaceAsync()
    {
        await using var target = await OpenAsync();
        await RunAsync(target, $"DROP TABLE IF EXISTS {Bare}; CREATE TABLE {Bare} (LIKE customerio.messages INCLUDING ALL)");
        var clock = new CostClock();
        await using var transaction = await target.BeginTransactionAsync();
        await CopyAsync(target, Bare);
        await transaction.CommitAsync();
        return clock.Cost;
    }

    public override async Task<Cost?> MergeAsync()
    {
        await using var target = await OpenAsync();

        // What the destination's table had before its merge, with the same index.
        await RunAsync(
            target,
            $"DROP TABLE IF EXISTS {Bare}; CREATE TABLE {Bare} (LIKE customerio.messages INCLUDING ALL); INSERT INTO {Bare} SELECT * FROM " +
                $"customerio.messages ORDER BY id LIMIT 10000"
        );
        var columns = await ColumnsAsync(target);
        var clock = new CostClock();
        await using var transaction = await target.BeginTransactionAsync();
        await RunAsync(target, $"CREATE TEMP TABLE bare_new (LIKE {Bare}) ON COMMIT DROP");
        await CopyAsync(target, "bare_new");
        var set = string.Join(", ", columns.Where(column => column != "id").Select(column => $"\"{column}\" = excluded.\"{column}\""));
        await RunAsync(target, $"INSERT INTO {Bare} SELECT * FROM bare_new ON CONFLICT (id) DO UPDATE SET {set}");
        await transaction.CommitAsync();
        return clock.Cost;
    }

    private async Task CopyAsync(NpgsqlConnection target, string table)
    {
        using var connection = Open();
        using var rows = Read(connection);
        await using var writer = await target.BeginBinaryImportAsync($"COPY {table} FROM STDIN (FORMAT BINARY)");
        var types = Kill.Rows.Read(connection, $"SELECT column_type FROM (DESCRIBE {Source})").Select(row => (string)row[0]!).ToArray();
        while (rows.Read())
        {
            await writer.StartRowAsync();
            for (var place = 0; place < types.Length; place++)
            {
                await WriteAsync(writer, rows, place, types[place]);
            }
        }

        await writer.CompleteAsync();
    }

    private static Task WriteAsync(NpgsqlBinaryImporter writer, DuckDBDataReader rows, int place, string type) =>
        rows.IsDBNull(place)
            ? writer.WriteNullAsync()
            : type switch
            {
                "BIGINT" => writer.WriteAsync(rows.GetInt64(place), NpgsqlDbType.Bigint),
                "DOUBLE" => writer.WriteAsync(rows.GetDouble(place), NpgsqlDbType.Double),
                "BOOLEAN" => writer.WriteAsync(rows.GetBoolean(place), NpgsqlDbType.Boolean),
                "JSON" => writer.WriteAsync(rows.GetString(place), NpgsqlDbType.Jsonb),
                "VARCHAR" => writer.WriteAsync(rows.GetString(place), NpgsqlDbType.Text),
                _ => writer.WriteAsync(rows.GetFieldValue<DateTimeOffset>(place).UtcDateTime, NpgsqlDbType.TimestampTz),
            };

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(PostgresAddress.Parse(uri).Connection.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<List<string>> ColumnsAsync(NpgsqlConnection target)
    {
        await using var command = new NpgsqlCommand($"SELECT * FROM {Bare} LIMIT 0", target);
        await using var reader = await command.ExecuteReaderAsync();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }

    private static async Task RunAsync(NpgsqlConnection target, string sql)
    {
        await using var command = new NpgsqlCommand(sql, target) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
