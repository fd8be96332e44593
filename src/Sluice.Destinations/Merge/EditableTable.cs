using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Merge;

/// <summary>A table of a relational database, open to be read, or to be changed in one transaction.</summary>
internal sealed class EditableTable : IEditableTable
{
    private const int MostNamed = 10;

    private readonly RelationalDatabase _database;
    private readonly DbSession _session;
    private readonly RowSql _rows;
    private readonly string _name;
    private readonly string _table;

    private EditableTable(RelationalDatabase database, DbSession session, string schema, string table, IReadOnlyList<EditableColumn> columns)
    {
        (_database, _session, _rows, Columns) = (database, session, database.Rows!, columns);
        (_name, _table) = ($"{schema}.{table}", database.Dialect.Table(schema, table));
    }

    public IReadOnlyList<EditableColumn> Columns { get; }

    // Whether a column can be added of any type that the dialect has, and to which table.
    private bool TakesAllTypes { get; init; } = true;

    private string Whole { get => field ?? _table; init; }

    /// <summary>Opens a table; the database is closed with it.</summary>
    /// <param name="database">The database.</param>
    /// <param name="named">The table, with its schema or without.</param>
    /// <param name="isToWrite">Whether it is to be changed.</param>
    /// <param name="cancel">Stops the opening.</param>
    public static async Task<EditableTable> OpenAsync(RelationalDatabase database, string named, bool isToWrite, CancellationToken cancel)
    {
        var (schema, table) = named.Split('.') is [var first, var second] ? (first, second) : (database.Rows!.UsualSchema, named);
        DbSession? session = null;
        try
        {
            return await database.TryAsync(
                $"Opening {schema}.{table}",
                async () =>
                {
                    session = isToWrite ? await database.BeginAsync(cancel) : await database.OpenToReadAsync(cancel);
                    if (isToWrite && database.Rows!.Begin is { } begin)
                    {
                        await session.RunAsync(begin, cancel);
                    }

                    var columns = await database.Rows!.ColumnsAsync(session, schema, table, cancel);
                    var owners = await database.Dialect.OwnersAsync(session, schema, table, null, cancel);
                    return columns.Count > 0
                        ? new EditableTable(database, session, schema, table, columns)
                        {
                            Whole = database.Dialect.Table(owners[0].Schema, owners[0].Table),
                            TakesAllTypes =
                                await database.Dialect.AddedTypeAsync(session, schema, table, ColumnType.Json, cancel) == ColumnType.Json,
                        }
                        : throw Missing(schema, table, await database.Dialect.TablesAsync(session, schema, cancel));
                },
                cancel);
        }
        catch
        {
            await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
            await database.DisposeAsync();
            throw;
        }
    }

    public string AddColumn(string name, JsonForm form)
    {
        var type = form switch
        {
            JsonForm.Number => ColumnType.Bigint,
            JsonForm.Double => ColumnType.Double,
            JsonForm.Flag when TakesAllTypes => ColumnType.Boolean,
            JsonForm.Json when TakesAllTypes => ColumnType.Json,
            _ => ColumnType.Text,
        };
        return $"ALTER TABLE {Whole} ADD COLUMN {_database.Dialect.Quote(name)} {_database.Dialect.Type(type)};";
    }

    public async Task<IReadOnlyList<JsonObject>> ReadAsync(IReadOnlyList<string> columns, int most, CancellationToken cancel)
    {
        var read = columns.Select(Column).ToList();
        var values = string.Join(", ", read.Select(column => _rows.Read(_database.Dialect.Quote(column.Name), column)));
        var sql = string.Create(CultureInfo.InvariantCulture, $"SELECT {values} FROM {_table} LIMIT {most + 1L}");
        var rows = await _database.TryAsync($"Reading {_name}", () => _session.ListAsync(sql, row => RowOf(row, read), cancel), cancel);
        return rows.Count <= most
            ? rows
            : throw new SluiceException(
                SluiceErrorKind.Destination, string.Create(CultureInfo.InvariantCulture, $"{_name} has more than {most} rows. Nothing was changed."));
    }

    public async Task ChangeAsync(RowEdit edit, CancellationToken cancel)
    {
        var values = new List<(string Name, object? Value)>();
        var sql = edit switch
        {
            { IsNew: true } => Insert(edit.Values!, values),
            { Values: { } set } => $"UPDATE {_table} SET {Assigned(set, ", ", values)} WHERE {Assigned(edit.Key, " AND ", values)}",
            _ => $"DELETE FROM {_table} WHERE {Assigned(edit.Key, " AND ", values)}",
        };
        var count = await _database.TryAsync(
            $"Writing the row {edit.Name} of {_name}", () => _session.RunAsync(sql, cancel, [.. values]), cancel);
        if (count != 1)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                string.Create(CultureInfo.InvariantCulture, $"The row {edit.Name} of {_name} was to be written, and the database says {count} rows."),
                "Nothing was changed. A trigger or a policy of the table may keep the row from being written.");
        }
    }

    public async Task CommitAsync() => await _database.TryAsync(
        $"Committing the changes of {_name}",
        async () =>
        {
            await _session.CommitAsync();
            return true;
        },
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static SluiceException Missing(string schema, string table, IReadOnlySet<string> there) => new(
        SluiceErrorKind.Config,
        $"There is no table {schema}.{table}.",
        Suggestion.For(table, there)
            ?? (there.Count > 0 ? $"There are {string.Join(", ", there.Order(StringComparer.Ordinal).Take(MostNamed))}." : null)
            ?? $"{schema} has no tables. Name another schema, as in shop.stock.");

    private EditableColumn Column(string name) => Columns.First(column => column.Name == name);

    private JsonObject RowOf(DbDataReader row, IReadOnlyList<EditableColumn> columns)
    {
        var values = new JsonObject();
        foreach (var (column, place) in columns.Select((column, place) => (column, place)))
        {
            if (row.IsDBNull(place))
            {
                continue;
            }

            values[column.Name] = _rows.Value(row, place, column);
            if (
                column.Form is JsonForm.Double or JsonForm.Number && _rows.HoldsOnlyNumbers
                && values[column.Name]?.GetValueKind() != JsonValueKind.Number)
            {
                throw new SluiceException(
                    SluiceErrorKind.Destination,
                    $"{_name} has {values[column.Name]} in the column {column.Name}, which JSON can't hold.",
                    "Make a number or NULL of it.");
            }
        }

        return values;
    }

    private string Insert(JsonObject row, List<(string Name, object? Value)> values)
    {
        var names = string.Join(", ", row.Select(value => _database.Dialect.Quote(value.Key)));
        var places = string.Join(", ", row.Select(value => Place(value.Key, value.Value, values)));
        return $"INSERT INTO {_table} ({names}) VALUES ({places})";
    }

    private string Assigned(JsonObject set, string between, List<(string Name, object? Value)> values) =>
        string.Join(between, set.Select(value => $"{_database.Dialect.Quote(value.Key)} = {Place(value.Key, value.Value, values)}"));

    private string Place(string name, JsonNode? value, List<(string Name, object? Value)> values)
    {
        var column = Column(name);
        var parameter = string.Create(CultureInfo.InvariantCulture, $"p{values.Count}");
        values.Add((parameter, _rows.Parameter(FormedValue.Of(value, column.Form), column)));
        return _rows.Write(_table, _database.Dialect.Parameter(parameter), column);
    }
}
