using System.Globalization;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// Makes a table wide enough for staged rows, before they come: a column more or a wider type changes no value, so that nothing is lost when the rows
/// do not come after all.
/// </summary>
internal sealed class ClickHouseSchemaEvolution(LoadAttempt attempt, IReadOnlyList<MappedColumn> mapping)
{
    private static readonly string[] Known = ["String", "Int64", "Float64", "Bool", "DateTime64(6, 'UTC')"];

    private readonly List<SchemaChange> _changes = [];

    private string Table => $"{attempt.Target.Schema}.{attempt.Target.Table}";

    /// <summary>Gives the table as it is then, its columns that the rows have, and what was changed.</summary>
    public async Task<(ClickHouseTable Live, IReadOnlyList<ClickHouseColumn> Staged, IReadOnlyList<SchemaChange> Changes)> FitAsync(
        ClickHouseTable live, CancellationToken cancel)
    {
        live.RequireOurs();
        var staged = await attempt.Staged.ReadColumnsAsync(cancel);
        var wider = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, type) in staged)
        {
            if (live.Find(name) is not { } column)
            {
                var added = new ClickHouseColumn(name, ClickHouseType.Of(SqlType.Parse(type)));
                await attempt.Server.RunAsync(attempt.Database.Ddl.AddColumn(live.Name, added), cancel);
                Note(name, $"added as {type} to a table that lacked it");
            }
            else if (await WiderAsync(live, column, type, cancel) is { } wanted)
            {
                wider[column.Name] = wanted;
            }
        }

        if (wider.Count > 0)
        {
            await WidenAsync(await ReadAsync(cancel), wider, cancel);
        }

        live = _changes.Count > 0 ? await ReadAsync(cancel) : live;
        await CommentAsync(live, cancel);
        return (live, [.. staged.Keys.Select(name => live.Find(name)!)], _changes);
    }

    private async Task CommentAsync(ClickHouseTable live, CancellationToken cancel)
    {
        var missing = TableComments.Missing(attempt.Target.Docs, live.Comments);
        if (missing.Table.Length > 0 || missing.Columns.Count > 0)
        {
            await attempt.Server.RunAsync(attempt.Database.Ddl.AddComments(live.Name, missing), cancel);
        }
    }

    /// <summary>The integer columns with a value that a double does not hold exactly.</summary>
    public static async Task<IReadOnlySet<string>> LongIntegersAsync(
        ClickHouseServer server, ClickHouseTable live, IEnumerable<string> columns, CancellationToken cancel)
    {
        var asked = columns.Select(live.Find).OfType<ClickHouseColumn>().Where(column => column.Meaning == ColumnType.Bigint).ToList();
        if (asked.Count == 0)
        {
            return new HashSet<string>();
        }

        var flags = asked.Select(column => $"countIf({column.Quoted} > {Largest} OR {column.Quoted} < -{Largest})");
        var areLong = (await server.ListAsync(
            $"SELECT {string.Join(", ", flags)} FROM {live.Rows(string.Join(", ", asked.Select(column => column.Quoted)))}",
            row => asked.Select((_, index) => Convert.ToInt64(row.GetValue(index), CultureInfo.InvariantCulture) > 0).ToList(), cancel))[0];
        return asked.Where((_, index) => areLong[index]).Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static string Largest => SqlType.LargestExactInDouble.ToString(CultureInfo.InvariantCulture);

    private async Task<ClickHouseTable> ReadAsync(CancellationToken cancel) =>
        await attempt.Database.ReadAsync(attempt.Target.Table, cancel)
        ?? throw new SluiceException(
            SluiceErrorKind.Destination, $"{attempt.Tables.Live} was removed while rows were brought to it.", "Run the same command again.");

    private async Task<string?> WiderAsync(ClickHouseTable live, ClickHouseColumn column, string type, CancellationToken cancel)
    {
        if (!Known.Contains(ClickHouseType.Bare(column.Type), StringComparer.Ordinal))
        {
            throw SchemaErrors.Unfit(attempt.Target, column.Name, column.Type, type);
        }

        var had = HadType(column);
        if (had == "JSON" && type == "VARCHAR")
        {
            // The same text in the same type: only what it means is another.
            Note(column.Name, $"widened from {had} to {type}");
            return null;
        }

        return (SqlType.Parse(had), SqlType.Parse(type)) switch
        {
            var (old, wanted) when old == wanted || old == ColumnType.Text => null,
            (_, ColumnType.Text) => ClickHouseType.Text,
            (ColumnType.Bigint, ColumnType.Double) when (await LongIntegersAsync(attempt.Server, live, [column.Name], cancel)).Count == 0 =>
                ClickHouseType.Double,
            (ColumnType.Double, ColumnType.Bigint) when await AreShortAsync(column.Name, cancel) => null,
            _ => throw SchemaErrors.Unfit(attempt.Target, column.Name, had, type),
        };
    }

    private string HadType(ClickHouseColumn column) =>
        column.Meaning == ColumnType.Text
        && mapping.Any(one => one.Column.Equals(column.Name, StringComparison.OrdinalIgnoreCase) && one.Type == "JSON")
            ? "JSON"
            : SqlType.Of(column.Meaning);

    private async Task<bool> AreShortAsync(string column, CancellationToken cancel) =>
        await attempt.Staged.Connection.ScalarAsync(
            $"SELECT count(*) FROM (SELECT 1 FROM {attempt.Staged.Name} WHERE {StagingTables.Quote(column)} NOT BETWEEN -{Largest} AND " +
                $"{Largest} LIMIT 1)",
            cancel
        ) == 0;

    // Types of the key can't be changed, and a change of others would be seen while it goes on: the table is written anew and takes the old one's
    // place.
    private async Task WidenAsync(ClickHouseTable live, Dictionary<string, string> wider, CancellationToken cancel)
    {
        var columns = live.Columns.Select(column => wider.TryGetValue(column.Name, out var type) ? column with { Type = type } : column).ToList();
        var key = attempt.Target.PrimaryKey.Select(name => columns.First(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
        var values = live.Columns.Zip(columns, (old, wide) => ClickHouseType.Widen(old.Quoted, old.Type, wide.Type));
        await attempt.Server.RunAsync(attempt.Database.Ddl.CreateRows(attempt.Tables.Widened, columns, [.. key], live.Comments), cancel);
        await attempt.Server.RunAsync(
            $"INSERT INTO {attempt.Tables.Widened} ({string.Join(", ", columns.Select(column => column.Quoted))}) SELECT " +
                $"{string.Join(", ", values)} FROM {live.Rows()}",
            cancel);
        await attempt.ExchangeAsync(attempt.Tables.Widened, hasLive: true, cancel);
        foreach (var (name, type) in wider)
        {
            Note(name, $"widened from {SqlType.Of(live.Find(name)!.Meaning)} to {SqlType.Of(ClickHouseType.Parse(type))}");
        }
    }

    private void Note(string column, string change) => _changes.Add(new SchemaChange(Table, column, change));
}
