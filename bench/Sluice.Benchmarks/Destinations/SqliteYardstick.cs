using Microsoft.Data.Sqlite;

namespace Sluice.Benchmarks.Destinations;

/// <summary>A loop over one prepared INSERT in one transaction, into a table made as the destination's.</summary>
internal sealed class SqliteYardstick(string uri, string database, string folder) : Yardstick(database)
{
    private int _files;

    public override string Name => "prepared INSERT in one transaction";

    public override async Task<Cost> ReplaceAsync()
    {
        await using var target = new SqliteConnection($"Data Source={Path.Combine(folder, $"bare-{++_files}.db")}");
        await target.OpenAsync();
        await RunAsync(target, "PRAGMA journal_mode=WAL");
        await RunAsync(target, "PRAGMA synchronous=NORMAL");
        foreach (var statement in Definition())
        {
            await RunAsync(target, statement);
        }

        using var connection = Open();
        using var rows = Read(connection);
        var clock = new CostClock();
        await using var transaction = (SqliteTransaction)await target.BeginTransactionAsync();
        await using var insert = target.CreateCommand();
        insert.Transaction = transaction;
        var parameters = Enumerable.Range(0, rows.FieldCount).Select(place => insert.Parameters.AddWithValue($"$p{place}", DBNull.Value)).ToList();
        insert.CommandText = $"INSERT INTO messages VALUES ({string.Join(", ", parameters.Select(parameter => parameter.ParameterName))})";
        await insert.PrepareAsync();
        while (rows.Read())
        {
            for (var place = 0; place < parameters.Count; place++)
            {
                parameters[place].Value =
                    rows.IsDBNull(place) ? DBNull.Value
                    : rows.GetValue(place) is DateTime time ? time.ToString("O")
                    : rows.GetValue(place);
            }

            await insert.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return clock.Cost;
    }

    // The destination's own table, with the key's index.
    private List<string> Definition()
    {
        using var source = new SqliteConnection($"Data Source={Sluice.Destinations.DestinationRegistry.Identity(uri)};Mode=ReadOnly");
        source.Open();
        using var command = source.CreateCommand();
        command.CommandText = "SELECT name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name LIKE '%messages' ORDER BY type DESC";
        using var reader = command.ExecuteReader();
        var statements = new List<string>();
        while (reader.Read())
        {
            statements.Add(reader.GetString(2).Replace(reader.GetString(1), "messages", StringComparison.Ordinal));
        }

        return statements;
    }

    private static async Task RunAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
