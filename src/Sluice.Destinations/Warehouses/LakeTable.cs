using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Warehouses;

/// <summary>A table as it stands in the lake: a folder of Parquet files.</summary>
public sealed record LakeTable
{
    private const string LoadedAt = "_sluice_loaded_at";
    private const string RunId = "_sluice_run_id";

    /// <summary>The column of rows that Customer.io no longer has.</summary>
    public const string DeletedAt = "_sluice_deleted_at";

    /// <summary>The name of the folder, and of the table in the warehouse.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence: what a row is.</summary>
    public required string Doc { get; init; }

    /// <summary>The columns that stand in the files, in the order of those of the catalog.</summary>
    public required IReadOnlyList<LakeColumn> Columns { get; init; }

    /// <summary>The columns that stand in the names of folders alone, <c>created_at_date=2026-01-31/</c>, outermost first.</summary>
    public IReadOnlyList<LakeColumn> Partitions { get; init; } = [];

    /// <summary>The columns that identify a row; empty when nothing does.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>All columns of the table, those of the folders last, as Hive wants them.</summary>
    public IEnumerable<LakeColumn> All => Columns.Concat(Partitions);

    /// <summary>Whether rows that Customer.io no longer has are marked.</summary>
    public bool MarksDeleted => Columns.Any(column => column.Name == DeletedAt);

    /// <summary>Gives the table that a resource becomes.</summary>
    /// <param name="table">Which table, with its period if it holds metrics.</param>
    /// <param name="resource">The catalog's entry for it.</param>
    /// <param name="marksDeleted">Whether deleted rows are marked in tables whose whole list is read.</param>
    public static LakeTable Of(TableName table, Resource resource, bool marksDeleted = true) => new()
    {
        Name = table.TableIdentifier,
        Doc = resource.Doc,
        PrimaryKey = resource.PrimaryKey,
        Columns =
        [
            .. resource.Columns.Select(column => new LakeColumn(column.Name, column.Type)),
            .. FromParent(resource).Select(name => new LakeColumn(name, ColumnType.Text)),
            .. Own(marksDeleted && resource.ListsAll),
        ],
    };

    /// <summary>Adds columns that the catalog does not know, before Sluice's own: so the first load writes those that it meets at once.</summary>
    public LakeTable With(IEnumerable<LakeColumn> more) =>
        this with { Columns = [.. Columns.Where(column => !IsOwn(column)), .. more, .. Columns.Where(IsOwn)] };

    /// <summary>The name of the view of the rows that Customer.io has now.</summary>
    internal string Current => Name + "_current";

    internal static string NewestFirst => LoadedAt;

    /// <summary>Whether it is a column that Sluice adds.</summary>
    public static bool IsOwn(LakeColumn column) => column.Name is LoadedAt or RunId or DeletedAt;

    private static IEnumerable<string> FromParent(Resource resource) =>
        (resource.Parent?.Columns.Keys ?? []).Where(name =>
            resource.Columns.All(column => !column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<LakeColumn> Own(bool marksDeleted)
    {
        yield return new LakeColumn(LoadedAt, ColumnType.Timestamp);
        yield return new LakeColumn(RunId, ColumnType.Text);
        if (marksDeleted)
        {
            yield return new LakeColumn(DeletedAt, ColumnType.Timestamp);
        }
    }
}

/// <summary>A column of a table in the lake.</summary>
/// <param name="Name">The name, as it stands in the Parquet files.</param>
/// <param name="Type">The type, which says how the files hold the values.</param>
public sealed record LakeColumn(string Name, ColumnType Type)
{
    /// <summary>Whether the values are instants: microseconds in UTC.</summary>
    public bool IsTime => Type is ColumnType.UnixTime or ColumnType.Timestamp;

    /// <summary>Whether the values are JSON, which the files hold as text.</summary>
    public bool IsJson => Type == ColumnType.Json;
}
