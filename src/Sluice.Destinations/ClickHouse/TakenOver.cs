using DuckDB.NET.Data;
using Sluice.Destinations.DuckDb;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// Gives staged rows what stays of those that the table has. Old servers can't put two objects of JSON together, so the few values that stay are read
/// back, and DuckDB does it where the rows are staged.
/// </summary>
internal sealed class TakenOver(LoadAttempt attempt, ClickHouseTable live, MergeSql sql)
{
    private const string Old = "_sluice_old";

    private readonly StagedTable _staged = attempt.Staged;

    private IReadOnlyDictionary<string, MergeRule> Rules => attempt.Target.Rules;

    /// <summary>Whether the load says of columns what stays, or that only known rows count.</summary>
    public static bool IsNeeded(LoadTarget target) => target.OnlyKnown || target.Rules.Any(rule => rule.Value != MergeRule.Replace);

    /// <summary>Changes the staged rows; gives how many were taken away because the table does not have them.</summary>
    public async Task<long> RunAsync(CancellationToken cancel)
    {
        var types = await _staged.ReadColumnsAsync(cancel);
        var key = attempt.Target.PrimaryKey.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var columns = types
            .Where(type => key.Contains(type.Key) || Rules.GetValueOrDefault(type.Key) != MergeRule.Replace)
            .Select(type => (Type: type.Value, Staged: type.Key, Column: live.Find(type.Key)))
            .Where(column => column.Column is not null)
            .ToList();
        var connection = _staged.Connection;
        await connection.RunAsync(
            $"CREATE TEMP TABLE {Old} ({string.Join(", ", columns.Select(column => $"{StagingTables.Quote(column.Staged)} VARCHAR"))})", cancel);
        var rows = await attempt.Server.ListAsync(
            sql.KnownRows(columns.ConvertAll(column => column.Column!)),
            row => Enumerable.Range(0, row.FieldCount).Select(place => row.IsDBNull(place) ? null : row.GetString(place)).ToList(),
            cancel);
        Append(connection, rows);
        var typed = $"(SELECT {string.Join(", ", columns.Select(column => Typed(column.Staged, column.Type)))} FROM temp.{Old})";
        var merge = new Merge.MergeSql(
            new DuckDbDialect(connection.Database), _staged.Table, _staged.Name,
                columns.ConvertAll(column => column.Staged), attempt.Target.PrimaryKey);
        if (columns.Exists(column => !key.Contains(column.Staged)))
        {
            await connection.RunAsync(merge.TakeOver(typed, Rules), cancel);
        }

        var unknown = attempt.Target.OnlyKnown ? await connection.RunAsync(merge.DropUnknown(typed), cancel) : 0;
        await connection.RunAsync($"DROP TABLE temp.{Old}", cancel);
        return unknown;
    }

    private static void Append(DuckDBConnection connection, IReadOnlyList<List<string?>> rows)
    {
        using var appender = connection.CreateAppender("temp", "main", Old);
        foreach (var values in rows)
        {
            var row = appender.CreateRow();
            foreach (var value in values)
            {
                row.AppendValue(value);
            }

            row.EndRow();
        }
    }

    // Times come in UTC without saying so.
    private static string Typed(string column, string type)
    {
        var name = StagingTables.Quote(column);
        return type.StartsWith("TIMESTAMP", StringComparison.Ordinal)
            ? $"CAST({name} || '+00' AS {type}) AS {name}"
            : $"CAST({name} AS {type}) AS {name}";
    }
}
