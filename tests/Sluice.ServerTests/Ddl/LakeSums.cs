using DuckDB.NET.Data;
using Sluice.ServerTests.Cli;

namespace Sluice.ServerTests.Ddl;

/// <summary>What is in each column, as one line that DuckDB and ClickHouse work out by themselves.</summary>
internal static class LakeSums
{
    /// <summary>The columns of some Parquet files by DuckDB.</summary>
    public static async Task<string> OfFilesAsync(IEnumerable<string> files, IReadOnlyList<(string Name, string Type)> columns)
    {
        var sums = columns
            .Select(column => $"count(\"{column.Name}\") || ':' || coalesce(CAST({DuckDb(column)} AS VARCHAR), '-')")
            .Prepend("CAST(count(*) AS VARCHAR)");
        return await AskAsync($"SELECT concat_ws(' ', {string.Join(", ", sums)}) FROM {Read(files)}");
    }

    /// <summary>The columns of a table by ClickHouse, as a statement.</summary>
    public static string OfTable(string table, IReadOnlyList<(string Name, string Type)> columns)
    {
        var sums = columns
            .Select(column => $"concat(toString(count(`{column.Name}`)), ':', ifNull(toString({ClickHouse(column)}), '-'))")
            .Prepend("toString(count())");
        return $"SELECT arrayStringConcat([{string.Join(", ", sums)}], ' ') FROM {table}";
    }

    /// <summary>What DuckDB answers about some Parquet files: one text.</summary>
    public static Task<string> AskFilesAsync(IEnumerable<string> files, string select) => AskAsync($"{select} FROM {Read(files)}");

    private static async Task<string> AskAsync(string sql)
    {
        await using var connection = new DuckDBConnection("Data Source=:memory:");
        await connection.OpenAsync(Tool.Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)(await command.ExecuteScalarAsync(Tool.Cancel))!;
    }

    private static string Read(IEnumerable<string> files) =>
        $"read_parquet([{string.Join(", ", files.Select(file => $"'{file}'"))}], hive_partitioning = false)";

    private static string DuckDb((string Name, string Type) column) => column.Type switch
    {
        "BIGINT" => $"sum(\"{column.Name}\" % 1000003)",
        "DOUBLE" => $"sum(CAST(floor(\"{column.Name}\") AS BIGINT))",
        "BOOLEAN" => $"count_if(\"{column.Name}\")",
        "TIMESTAMP WITH TIME ZONE" => $"sum(epoch_us(\"{column.Name}\") % 1000000000003)",
        _ => $"sum(strlen(\"{column.Name}\")) || md5(max(\"{column.Name}\"))",
    };

    private static string ClickHouse((string Name, string Type) column) => column.Type switch
    {
        "BIGINT" => $"sum(`{column.Name}` % 1000003)",
        "DOUBLE" => $"sum(toInt64(floor(`{column.Name}`)))",
        "BOOLEAN" => $"countIf(`{column.Name}`)",
        "TIMESTAMP WITH TIME ZONE" => $"sum(toUnixTimestamp64Micro(`{column.Name}`) % 1000000000003)",
        _ => $"concat(toString(sum(length(`{column.Name}`))), lower(hex(MD5(max(`{column.Name}`)))))",
    };
}
