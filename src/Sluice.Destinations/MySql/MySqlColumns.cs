using System.Globalization;
using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.MySql;

/// <summary>A column as the server describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DataType">Its type without length.</param>
/// <param name="FullType">Its type with all that belongs to it.</param>
/// <param name="Collation">How its texts are compared; empty for what is no text.</param>
/// <param name="Digits">The digits of a second that it keeps.</param>
/// <param name="IsJson">Whether it holds nothing but JSON.</param>
internal sealed record MySqlColumn(string Name, string DataType, string FullType, string Collation, long Digits, bool IsJson)
{
    private const int Microseconds = 6;

    /// <summary>What it is in the catalog's words.</summary>
    public ColumnType Type => DataType switch
    {
        _ when IsJson => ColumnType.Json,
        "tinyint" when FullType == "tinyint(1)" => ColumnType.Boolean,
        "bigint" when FullType.Contains("unsigned", StringComparison.Ordinal) => ColumnType.Text,
        "bigint" or "int" or "mediumint" or "smallint" or "tinyint" => ColumnType.Bigint,
        "double" or "float" => ColumnType.Double,
        "datetime" or "timestamp" => ColumnType.Timestamp,
        _ => ColumnType.Text,
    };

    /// <summary>Whether it has the very type that Sluice gives a column.</summary>
    /// <param name="collation">The collation that compares texts by their bytes.</param>
    public bool IsOurs(string collation) => IsJson || DataType switch
    {
        "bigint" => Type == ColumnType.Bigint,
        "double" => true,
        "tinyint" => Type == ColumnType.Boolean,
        "datetime" => Digits == Microseconds,
        "longtext" => Collation == collation,
        _ => false,
    };

    /// <summary>
    /// Its type in words when the server would change values to fit, or would take two of them for the same that differ; null when it does neither.
    /// </summary>
    /// <param name="collation">The collation that compares texts by their bytes.</param>
    public string? Foreign(string collation) => Type switch
    {
        ColumnType.Double when DataType == "float" => FullType,
        ColumnType.Timestamp when Digits < Microseconds => FullType,
        ColumnType.Text when Collation.Length == 0 => FullType,
        ColumnType.Text when Collation != collation => $"{FullType} COLLATE {Collation}",
        _ => null,
    };
}

/// <summary>Reads the columns of tables.</summary>
/// <param name="isMariaDb">Whether the server is MariaDB, whose JSON is a text with a constraint.</param>
internal sealed class MySqlColumns(bool isMariaDb)
{
    private const string Columns = """
        SELECT column_name, data_type, column_type, coalesce(collation_name, ''), coalesce(datetime_precision, 0) FROM information_schema.columns
        WHERE table_schema = @schema AND table_name = @table ORDER BY ordinal_position
        """;

    private const string Constraints = """
        SELECT check_clause FROM information_schema.check_constraints WHERE constraint_schema = @schema AND table_name = @table
        """;

    /// <summary>The columns of a table in their order; none when there is no such table.</summary>
    public async Task<IReadOnlyList<MySqlColumn>> ReadAsync(DbSession session, string database, string table, CancellationToken cancel)
    {
        (string, object?)[] values = [("schema", database), ("table", table)];
        var found = await session.ListAsync(
            Columns,
            row => new MySqlColumn(
                row.GetString(0),
                row.GetString(1).ToLowerInvariant(),
                row.GetString(2).ToLowerInvariant(),
                row.GetString(3),
                Convert.ToInt64(row.GetValue(4), CultureInfo.InvariantCulture),
                row.GetString(1).Equals("json", StringComparison.OrdinalIgnoreCase)),
            cancel,
            values);
        if (!isMariaDb || !found.Any(column => column.DataType == "longtext"))
        {
            return found;
        }

        var constraints = (await session.ListAsync(Constraints, row => row.GetString(0), cancel, values)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. found.Select(column => column with { IsJson = constraints.Contains($"json_valid({MySqlNames.Quote(column.Name)})") })];
    }
}
