using System.Text.RegularExpressions;
using MySqlConnector;
using Sluice.Destinations.Merge;

namespace Sluice.Destinations.MySql;

/// <summary>Finds in the server's own tables what an error names by half, and the statement that takes it out of the way.</summary>
/// <param name="session">A session of its own.</param>
/// <param name="table">The table that was loaded, quoted.</param>
/// <param name="place">Its database and name, as parameters.</param>
internal sealed partial class MySqlCulprit(DbSession session, string table, (string Name, object? Value)[] place)
{
    private const string Unique = """
        SELECT DISTINCT index_name FROM information_schema.statistics
        WHERE table_schema = @schema AND table_name = @table AND non_unique = 0 AND index_name NOT LIKE '%sluice_key%' ORDER BY 1
        """;

    // The name that a message has for a constraint of a column of MariaDB's is that of the column.
    private const string ColumnTypes = """
        SELECT column_name, column_type, column_key = 'PRI' FROM information_schema.columns WHERE table_schema = @schema AND table_name = @table
        """;

    private const string Narrow = """
        SELECT column_name, CASE WHEN data_type IN ('float', 'decimal') THEN 'DOUBLE' WHEN data_type LIKE '%int' THEN 'BIGINT' ELSE 'LONGTEXT' END,
          coalesce(collation_name, '')
        FROM information_schema.columns WHERE table_schema = @schema AND table_name = @table AND (
          data_type IN ('tinyint', 'smallint', 'mediumint', 'int', 'float', 'decimal', 'char', 'varchar', 'tinytext', 'text', 'mediumtext', 'enum'))
          AND column_type <> 'tinyint(1)' ORDER BY ordinal_position
        """;

    private const string Triggers = """
        SELECT trigger_schema, trigger_name, action_statement FROM information_schema.triggers
        WHERE event_object_schema = @schema AND event_object_table = @table ORDER BY trigger_name
        """;

    private string Alter => $"ALTER TABLE {table}";

    /// <summary>What to do; null when nothing better is known than the error itself.</summary>
    public async Task<string?> FindAsync(MySqlException error, CancellationToken cancel) => error.Number switch
    {
        1062 or 1586 => Remove(await UniqueAsync(error.Message, cancel)),
        1216 or 1217 or 1451 or 1452 when Reference().Match(error.Message) is { Success: true } key => Remove(
            [$"ALTER TABLE {key.Groups["table"].Value} DROP FOREIGN KEY {key.Groups["name"].Value};"]),
        3819 or 4025 when Check().Match(error.Message) is { Success: true } check => Remove(
            await CheckAsync(check.Groups["name"].Value, cancel)),
        1048 when Null().Match(error.Message) is { Success: true } column =>
            (await ColumnsAsync(cancel)).FirstOrDefault(one => one.Name == column.Groups["name"].Value) is { Name: { } name, Type: { } type } one
                ? $"Allow it with: {(one.IsKey ? $"{Alter} DROP PRIMARY KEY; " : "")}{Alter} MODIFY COLUMN {MySqlNames.Quote(name)} {type} NULL;"
                : null,
        1264 or 1265 or 1366 or 1406 => await WidenAsync(cancel),
        1526 => $"The table has no partition for a row. Take its partitions away with: {Alter} REMOVE PARTITIONING;",
        1054 or 1146 or 1305 or 1644 or 1365 => Remove(await TriggersAsync(error, cancel)),
        _ => null,
    };

    private static string? Remove(IReadOnlyList<string> statements) =>
        statements.Count == 0 ? null : $"Take it out of the way, and make it again afterwards if rows allow it: {string.Join(' ', statements)}";

    private async Task<IReadOnlyList<string>> UniqueAsync(string message, CancellationToken cancel)
    {
        var all = await session.ListAsync(Unique, row => row.GetString(0), cancel, place);
        var named = all.Where(index => message.EndsWith($"{index}'", StringComparison.Ordinal)).ToList();
        return
        [
            .. (named.Count > 0 ? named : all).Select(index =>
                index == "PRIMARY" ? $"{Alter} DROP PRIMARY KEY;" : $"{Alter} DROP INDEX {MySqlNames.Quote(index)};"),
        ];
    }

    private async Task<IReadOnlyList<string>> CheckAsync(string name, CancellationToken cancel)
    {
        var bare = name[(name.LastIndexOf('.') + 1)..];
        var column = name.Contains('.', StringComparison.Ordinal) ? (await ColumnsAsync(cancel)).FirstOrDefault(one => one.Name == bare) : default;
        return [
            column.Name is null
                ? $"{Alter} DROP CONSTRAINT {MySqlNames.Quote(name)};"
                : $"{Alter} MODIFY COLUMN {MySqlNames.Quote(column.Name)} {column.Type};",
        ];
    }

    private Task<IReadOnlyList<(string Name, string Type, bool IsKey)>> ColumnsAsync(CancellationToken cancel) =>
        session.ListAsync(ColumnTypes, row => (row.GetString(0), row.GetString(1), row.GetInt32(2) == 1), cancel, place);

    private async Task<string?> WidenAsync(CancellationToken cancel)
    {
        var columns = await session.ListAsync(
            Narrow,
            row => $"MODIFY COLUMN {MySqlNames.Quote(row.GetString(0))} {row.GetString(1)}"
                + (row.GetString(1) == "LONGTEXT" && row.GetString(2).Length > 0 ? $" COLLATE {row.GetString(2)}" : ""),
            cancel,
            place);
        return columns.Count == 0 ? null : $"Columns of the table are narrower than those of Sluice: {Alter} {string.Join(", ", columns)};";
    }

    // Those whose text has the words or the name of the message; of what was signalled with words that were put together, all of them.
    private async Task<IReadOnlyList<string>> TriggersAsync(MySqlException error, CancellationToken cancel)
    {
        var triggers = await session.ListAsync(
            Triggers,
            row => (Removal: $"DROP TRIGGER {MySqlNames.Quote(row.GetString(0))}.{MySqlNames.Quote(row.GetString(1))};", Text: row.GetString(2)),
            cancel,
            place);
        var word = Quoted().Match(error.Message) is { Success: true } found ? found.Groups["name"].Value : error.Message;
        word = word[(word.LastIndexOf('.') + 1)..];
        var named = triggers.Where(trigger => trigger.Text.Contains(word, StringComparison.OrdinalIgnoreCase)).ToList();
        return [.. (named.Count == 0 && error.Number == 1644 ? triggers : named).Select(trigger => trigger.Removal)];
    }

    [GeneratedRegex(
        @"\((?<table>`[^`]+`\.`[^`]+`), CONSTRAINT (?<name>`[^`]+`) FOREIGN KEY", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();

    [GeneratedRegex("(CONSTRAINT `|Check constraint ')(?<name>[^`']+)[`']", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Check();

    [GeneratedRegex("Column '(?<name>[^']+)' cannot be null", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Null();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
