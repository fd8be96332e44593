using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;
using Sluice.Engine.State;

namespace Sluice.Engine.Load;

/// <summary>The columns that Sluice adds to every table.</summary>
public static class SystemColumns
{
    /// <summary>When Customer.io no longer had the row; null for rows that it has.</summary>
    public const string DeletedAt = "_sluice_deleted_at";

    /// <summary>Whether a column has one of the names that no field of a record gets.</summary>
    public static bool IsOwn(string column) => column.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A column of a system table; <see cref="ColumnType.Json"/> holds the text as it was written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the catalog's words.</param>
public record SystemColumn(string Name, ColumnType Type);

/// <summary>A column with the value that a record has for it: a text, a long, a time or null.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the catalog's words.</param>
/// <param name="Value">Gives the value.</param>
public sealed record SystemColumn<T>(string Name, ColumnType Type, Func<T, object?> Value) : SystemColumn(Name, Type);

/// <summary>
/// A table that Sluice keeps beside the data of a schema. Its columns are listed here and nowhere else: every destination makes, writes and reads it
/// by them.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns in their order.</param>
public record SystemTable(string Name, IReadOnlyList<SystemColumn> Columns)
{
    private const ColumnType Text = ColumnType.Text;
    private const ColumnType Time = ColumnType.Timestamp;
    private const ColumnType Number = ColumnType.Bigint;
    private const ColumnType Json = ColumnType.Json;

    // What comes before a field's name that is written as JSON.
    private const string AsJson = "json:";

    /// <summary>What each run did.</summary>
    public static SystemTable<RunRecord> Runs { get; } =
        new(
            "_sluice_runs",
            [
                new("run_id", Text, run => run.RunId),
                new("started_at", Time, run => run.StartedAt),
                new("ended_at", Time, run => run.EndedAt),
                new("exit_code", Number, run => (long)run.ExitCode),
                new("requests", Number, run => run.Requests),
                new("report", Json, run => run.Report),
            ],
            row => new RunRecord(
                row.Required("run_id"),
                row.Time("started_at"),
                row.Time("ended_at"),
                checked((int)row.Number("exit_code")),
                row.Number("requests"),
                row.Required("report")));

    /// <summary>How far each table is.</summary>
    public static SystemTable<StateRow> State { get; } =
        new(
            "_sluice_state",
            [
                new("table_name", Text, row => row.State.Table),
                new("source", Text, row => row.State.Source),
                new("read_until", Time, row => row.State.Until),
                new("parents", Json, row => ParentMarks.Write(row.State.Parents)),
                new("run_id", Text, row => row.State.RunId),
                new("updated_at", Time, row => row.UpdatedAt),
            ],
            row => new StateRow(
                new TableState
                {
                    Table = row.Required("table_name"),
                    Source = row.Required("source"),
                    Until = row.Time("read_until"),
                    Parents = ParentMarks.Read(row.Required("parents")),
                    RunId = row.Text("run_id"),
                },
                row.Time("updated_at")));

    /// <summary>The account of every load.</summary>
    public static SystemTable<LedgerRow> Ledger { get; } =
        new(
            "_sluice_ledger",
            [
                new("table_name", Text, row => row.Table),
                new("source", Text, row => row.Line.Source),
                new("load_id", Text, row => row.LoadId),
                new("run_id", Text, row => row.RunId),
                new("expected", Number, row => row.Line.Expected),
                new("expected_by", Text, row => row.Line.ExpectedBy),
                new("fetched", Number, row => row.Line.Fetched),
                new("doubled", Number, row => row.Result.Doubled),
                new("left_out", Number, row => row.Line.LeftOut),
                new("loaded", Number, row => row.Result.Loaded),
                new("unchanged", Number, row => row.Result.Unchanged),
                new("rejected", Number, row => row.Result.Rejected),
                new("skipped", Number, row => row.Line.Skipped),
                new("deleted", Number, row => row.Result.Deleted),
                new("returned", Number, row => row.Result.Returned),
                new("table_rows", Number, row => row.Result.TableRows),
                new("reasons", Json, row => JsonSerializer.Serialize(row.Line.Reasons, SystemTableJson.Default.IReadOnlyListString)),
                new("committed_at", Time, row => row.CommittedAt),
            ],
            ReadLedger);

    /// <summary>The values that did not fit their column; staged rows have theirs beside them.</summary>
    public static SystemTable Rejects { get; } =
        new(
            "_sluice_rejects",
            [
                new("table_name", Text),
                new("record_key", Json),
                new("column_name", Text),
                new("raw_value", Text),
                new("load_id", Text),
                new("run_id", Text),
                new("rejected_at", Time),
            ]);

    /// <summary>
    /// The column that each field of a table was given, and a row for each mask. A field can be called anything, but few databases have U+0000 in a
    /// text. Destinations of earlier versions have no <c>mask</c>: they are given it by the next load, and are read without it until then.
    /// </summary>
    public static SystemTable<ColumnRow> Mapping { get; } =
        new(
            "_sluice_columns",
            [
                new("table_name", Text, row => row.Table),
                new("field", Text, row => Written(row.Column.Field)),
                new("column_name", Text, row => row.Column.Column),
                new("column_type", Text, row => row.Column.Type),
                new("run_id", Text, row => row.Column.RunId),
                new("added_at", Time, row => row.Column.AddedAt),
                new("mask", Text, row => row.Column.Mask),
            ],
            row => new ColumnRow(
                row.Required("table_name"),
                new MappedColumn(
                    FieldOf(row.Text("field")), NameOf(row.Required("column_name")), TypeOf(row.Required("column_type")), row.Required("run_id"),
                    row.Time("added_at"))
                {
                    Mask = row.Text("mask"),
                }));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SystemTable> All { get; } = [Runs, State, Ledger, Rejects, Mapping];

    /// <summary>The columns' names, with commas between.</summary>
    public string Names => string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>The columns with their types in DuckDB's words.</summary>
    public string Definition => string.Join(", ", Columns.Select(column => $"{column.Name} {SqlType.Of(column.Type)}"));

    private static LedgerRow ReadLedger(SystemRow row) =>
        new(row.Required("table_name"), row.Required("load_id"), row.Required("run_id"), row.Time("committed_at"))
        {
            Line = new LedgerLine
            {
                Source = row.Required("source"),
                Expected = row.Value("expected") as long?,
                ExpectedBy = row.Text("expected_by"),
                Fetched = row.Number("fetched"),
                LeftOut = row.Number("left_out"),
                Skipped = row.Number("skipped"),
                Reasons = JsonSerializer.Deserialize(row.Required("reasons"), SystemTableJson.Default.IReadOnlyListString) ?? [],
            },
            Result = new LoadResult
            {
                Loaded = row.Number("loaded"),
                Unchanged = row.Number("unchanged"),
                Doubled = row.Number("doubled"),
                Rejected = row.Number("rejected"),
                Deleted = row.Number("deleted"),
                Returned = row.Number("returned"),
                TableRows = row.Number("table_rows"),
            },
        };

    private static string? Written(string? field) =>
        field is not null && (field.Contains('\0', StringComparison.Ordinal) || field.StartsWith(AsJson, StringComparison.Ordinal))
            ? AsJson + JsonSerializer.Serialize(field, SystemTableJson.Default.String)
            : field;

    // The name is quoted where it stands in a statement, which not every text can be.
    private static string NameOf(string column) =>
        column.Length > 0 && !column.Contains('\0', StringComparison.Ordinal) ? column : throw new FormatException("it names no column");

    private static string TypeOf(string type) =>
        SqlType.IsKnown(type) ? type : throw new FormatException($"there is no type {JsonEncodedText.Encode(type)}");

    private static string? FieldOf(string? written) => written is not null && written.StartsWith(AsJson, StringComparison.Ordinal)
        ? JsonSerializer.Deserialize(written[AsJson.Length..], SystemTableJson.Default.String)
        : written;
}

/// <summary>A system table with what its rows mean.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">Its columns with their values.</param>
/// <param name="Read">Makes a record of a row.</param>
public sealed record SystemTable<T>(string Name, IReadOnlyList<SystemColumn<T>> Values, Func<SystemRow, T> Read) : SystemTable(Name, Values)
{
    /// <summary>Makes a record of a row that a destination gives.</summary>
    /// <param name="place">The table, as an error names it.</param>
    /// <param name="value">Gives the value of a column by its place: a text, a long, a time or null.</param>
    /// <exception cref="SluiceException">Somebody else has written the row (kind Destination).</exception>
    public T Parse(string place, Func<int, ColumnType, object?> value)
    {
        try
        {
            return Read(new SystemRow(this, [.. Columns.Select((column, at) => SystemRow.Found(column, () => value(at, column.Type)))]));
        }
        catch (Exception error) when (error is InvalidCastException or FormatException or OverflowException or ArgumentException or JsonException)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{place} has a row that Sluice did not write: {SystemRow.Words(error)}.",
                "See who else writes there, and remove the row or put it back as it was.",
                error);
        }
    }
}

/// <summary>A row of <see cref="SystemTable.State"/>.</summary>
/// <param name="State">The state.</param>
/// <param name="UpdatedAt">When it was set.</param>
public sealed record StateRow(TableState State, DateTimeOffset UpdatedAt);

/// <summary>A row of <see cref="SystemTable.Ledger"/>.</summary>
/// <param name="Table">The table that was loaded.</param>
/// <param name="LoadId">The load.</param>
/// <param name="RunId">The run.</param>
/// <param name="CommittedAt">When it was committed.</param>
public sealed record LedgerRow(string Table, string LoadId, string RunId, DateTimeOffset CommittedAt)
{
    /// <summary>What was expected and what came.</summary>
    public required LedgerLine Line { get; init; }

    /// <summary>What was done with it.</summary>
    public required LoadResult Result { get; init; }

    /// <summary>The row of a load.</summary>
    public static LedgerRow Of(LoadTarget target, LedgerLine line, LoadResult result) =>
        new(target.Table, target.LoadId, target.RunId, target.LoadedAt) { Line = line, Result = result };
}

/// <summary>A row of <see cref="SystemTable.Mapping"/>.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column of one of its fields.</param>
public sealed record ColumnRow(string Table, MappedColumn Column);

[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string))]
internal sealed partial class SystemTableJson : JsonSerializerContext;
