using System.Globalization;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Sql.Planning;
using Sluice.Sql.Tables;
using Sluice.Sql.Text;
using Sluice.Writes.Statements;

namespace Sluice.Sql.Dml;

/// <summary>
/// The copy of a table on which a statement runs as it was written. What differs afterwards is what it wants to be changed; DuckDB's rowid tells
/// which row is which, for new ones have no key yet.
/// </summary>
internal sealed class StatementCopy(QueryDatabase database, LiveTable table)
{
    private const string Before = "_sluice_before";
    private const string Done = "_sluice_done";
    private const string Row = "_sluice_row";
    private const int RowsAtOnce = 1000;

    private string Name => DuckDBIdentifier.Quote(table.Name);

    /// <summary>Puts what was fetched into the table that a statement changes.</summary>
    public static Task FillAsync(QueryDatabase database, LiveTable table, string select, CancellationToken cancel) =>
        database.Connection.RunAsync($"INSERT INTO {DuckDBIdentifier.Quote(table.Name)} BY NAME {select}", cancel);

    /// <summary>Runs the statement and gives what it has changed.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="typed">The attributes that it sets, whose values are JSON.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="Engine.SluiceException">The statement fails on a row (kind Config).</exception>
    public async Task<IReadOnlyList<RowChange>> ChangeAsync(string statement, IReadOnlySet<string> typed, CancellationToken cancel)
    {
        await RunAsync(
            $"CREATE TEMP TABLE {Before} AS SELECT rowid AS {Row}, * FROM {Name}; "
            + $"CREATE TEMP TABLE {Done} (place BIGINT, {Row} BIGINT, merge_action VARCHAR)",
            cancel);
        await RunAsync(statement, cancel);
        var number = 0;
        var rows = await database.Connection.ListAsync(
            $"SELECT CAST(to_json(b) AS VARCHAR), CAST(to_json(t) AS VARCHAR), coalesce(b.{Row}, t.{Row}), b.{Row} IS NULL, t.{Row} IS NULL "
            + $"FROM {Before} b FULL JOIN (SELECT rowid AS {Row}, * FROM {Name}) t ON b.{Row} = t.{Row} "
            + $"WHERE b IS DISTINCT FROM t ORDER BY coalesce(b.{Row}, t.{Row})",
            row => new RowChange(
                row.GetBoolean(3) ? "insert" : row.GetBoolean(4) ? "delete" : "update",
                row.GetInt64(2),
                row.GetBoolean(3) ? null : Values(row.GetString(0), number),
                row.GetBoolean(4) ? null : Values(row.GetString(1), ++number)),
            cancel);
        await KeepAttributesAsync(rows, typed, cancel);
        foreach (var (place, row) in rows.Index())
        {
            Read(row, typed, RowName(place + 1));
        }

        // JSON that differs by its spaces alone is the same value.
        return [.. rows.Where(row => row.Verb != "update" || !JsonNode.DeepEquals(row.Before, row.After))];
    }

    // What is set becomes what Customer.io would then show: text in the column, and a member of all attributes.
    private async Task KeepAttributesAsync(IReadOnlyList<RowChange> rows, IReadOnlySet<string> typed, CancellationToken cancel)
    {
        foreach (var name in table.Attributes)
        {
            var (column, key) = (DuckDBIdentifier.Quote(name), DuckDBLiteral.Quote(name));
            var changed = rows.Where(row => IsSet(row, name)).ToList();
            if (typed.Contains(name) && changed.Count > 0)
            {
                await RunAsync(
                    $"UPDATE {Name} SET attributes = json_merge_patch(coalesce(attributes, '{{}}'), json_object({key}, CAST({column} AS JSON))) "
                        + $"WHERE rowid IN ({string.Join(", ", changed.Select(row => row.Row))})",
                    cancel);
            }

            await RunAsync($"UPDATE {Name} SET {column} = (attributes->>{key}) WHERE {column} IS DISTINCT FROM (attributes->>{key})", cancel);
        }
    }

    private static bool IsSet(RowChange row, string name) => row.After is not null && !JsonNode.DeepEquals(row.Before?[name], row.After[name]);

    private static void Read(RowChange row, IReadOnlySet<string> typed, string place)
    {
        foreach (var name in typed.Where(name => IsSet(row, name)))
        {
            var old = row.Before?[name]?.ToString();
            var value = row.After![name] is { } text ? DuckDbJson.Parse(text.ToString(), place, name) : null;
            var shown = value is JsonValue one && one.TryGetValue<string>(out var plain) ? plain : value?.ToJsonString();
            row.After![name] = shown == old ? row.Before?[name]?.DeepClone() : value;
        }
    }

    /// <summary>The rows of all collections as they are now, by collection.</summary>
    public async Task<IReadOnlyDictionary<string, JsonArray>> ContentsAsync(CancellationToken cancel)
    {
        var rows = await database.Connection.ListAsync(
            $"SELECT CAST(collection_id AS VARCHAR), CAST(\"row\" AS VARCHAR) FROM {Name} WHERE collection_id IS NOT NULL AND \"row\" IS NOT NULL "
            + "ORDER BY row_index NULLS LAST, rowid",
            row => (Collection: row.GetString(0), Text: row.GetString(1)),
            cancel);
        return rows.GroupBy(row => row.Collection, StringComparer.Ordinal).ToDictionary(
            group => group.Key, group => new JsonArray([.. group.Select(row => JsonNode.Parse(row.Text))]), StringComparer.Ordinal);
    }

    /// <summary>Notes that changes are carried out, with what Customer.io says of their rows.</summary>
    public async Task KeepAsync(IReadOnlyList<CallOutcome> outcomes, CancellationToken cancel)
    {
        var place = 0;
        foreach (var outcome in outcomes.Where(one => one.State is CallState.Done or CallState.DoneBefore))
        {
            var verb = DuckDBLiteral.Quote(outcome.Call.Verb.ToUpperInvariant());
            foreach (var rows in outcome.Call.Rows.Chunk(RowsAtOnce))
            {
                var values = rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"({place++}, {row}, {verb})"));
                await RunAsync($"INSERT INTO {Done} VALUES {string.Join(", ", values)}", cancel);
            }

            if (outcome is { Answer: JsonObject answer, Call: { Rows: [var only], Verb: not "delete" } }
                && Assignments(answer) is { Length: > 0 } set)
            {
                await RunAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE {Name} SET {set} WHERE rowid = {only}"), cancel);
            }
        }
    }

    /// <summary>The query that gives what a statement wants to see of the rows that it has changed.</summary>
    public string Returned(string returning, string alias, bool isMerge)
    {
        var columns = string.Join(", ", table.Columns.Select(column => DuckDBIdentifier.Quote(column.Name)));
        var action = isMerge ? ", merge_action" : "";
        return $"SELECT {returning} FROM (SELECT {columns}{action} FROM ("
            + $"SELECT t.*, d.place, d.merge_action FROM (SELECT rowid AS {Row}, {columns} FROM {Name}) t JOIN {Done} d USING ({Row}) "
            + $"UNION ALL BY NAME SELECT b.*, d.place, d.merge_action FROM {Before} b JOIN {Done} d USING ({Row}) WHERE d.merge_action = 'DELETE') "
            + $"ORDER BY place) AS {DuckDBIdentifier.Quote(alias)}";
    }

    /// <summary>The columns of a query.</summary>
    public Task<IReadOnlyList<string>> ColumnsAsync(string query, CancellationToken cancel) =>
        database.Connection.ListAsync($"DESCRIBE {query}", row => row.GetString(0), cancel);

    private async Task RunAsync(string sql, CancellationToken cancel)
    {
        try
        {
            await database.Connection.RunAsync(sql, cancel);
        }
        catch (DuckDBException error)
        {
            throw QueryDatabase.Failure(error);
        }
    }

    private string RowName(int number) => string.Create(CultureInfo.InvariantCulture, $"{table.Name} row {number}");

    private JsonObject Values(string json, int number)
    {
        var row = DuckDbJson.Parse(json, RowName(number), table.Name)!.AsObject();
        row.Remove(Row);
        return row;
    }

    private string Assignments(JsonObject answer) => string.Join(", ", table.Columns
        .Where(column => answer[column.Name] is not null && table.Resource.Redactions.All(one => one.Column != column.Name))
        .Select(column => (column.Name, Value: Literal(column.Type, answer[column.Name]!)))
        .Select(one => $"{DuckDBIdentifier.Quote(one.Name)} = {one.Value}"));

    private static string Literal(ColumnType type, JsonNode value)
    {
        var text = DuckDBLiteral.Quote(value is JsonValue one && one.TryGetValue<string>(out var plain) ? plain : value.ToJsonString());
        return type switch
        {
            ColumnType.UnixTime => $"to_timestamp(TRY_CAST({text} AS DOUBLE))",
            ColumnType.Json => $"TRY_CAST({DuckDBLiteral.Quote(value.ToJsonString())} AS JSON)",
            _ => $"TRY_CAST({text} AS {Engine.Shape.SqlType.Of(type)})",
        };
    }
}
