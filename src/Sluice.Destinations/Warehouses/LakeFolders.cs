using Sluice.Destinations.Files;
using Sluice.Destinations.Files.Formats;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Warehouses;

/// <summary>By which columns of times a lake's files are put into folders.</summary>
public sealed class LakeFolders
{
    /// <summary>What the name of a folder says where there is no value.</summary>
    internal const string NoValue = Partition.Null;

    private readonly IReadOnlyList<Partition> _partitions;

    private LakeFolders(IReadOnlyList<Partition> partitions) => _partitions = partitions;

    /// <summary>No folders.</summary>
    public static LakeFolders None { get; } = new([]);

    /// <summary>The columns of times.</summary>
    public IEnumerable<string> Columns => _partitions.Select(partition => partition.Column);

    /// <summary>Reads what ingest was given: entries such as <c>created_at:month</c>, one by one or with commas.</summary>
    /// <exception cref="SluiceException">An entry can't be (kind Config).</exception>
    public static LakeFolders Read(IEnumerable<string> entries) => new(Partition.ReadList(string.Join(',', entries)));

    /// <summary>Whether the table has the column, with times in it, so that ingest divides it.</summary>
    public static bool Divide(LakeTable table, string column) => table.Columns.Any(one => one.Name == column && one.IsTime);

    /// <summary>Gives a table the columns of its folders; one without the columns of times has none, as ingest writes it.</summary>
    public LakeTable ApplyTo(LakeTable table)
    {
        var types = table.Columns.ToDictionary(column => column.Name, column => SqlType.Of(column.Type), StringComparer.Ordinal);
        return table with { Partitions = [.. Partition.Applying(_partitions, types).Select(Column)] };
    }

    /// <summary>Gives columns that a table is to have beside its own the names that ingest gives them in the files.</summary>
    public IReadOnlyList<LakeColumn> Named(IEnumerable<LakeColumn> more, LakeTable table)
    {
        var names = new ColumnNames((FileSettings.Of(FileFormat.Parquet) with { Partitions = _partitions }).Names);
        foreach (var column in table.Columns)
        {
            names.Take(column.Name);
        }

        return [.. more.Select(column => column with { Name = names.For(column.Name, column.Name, null) })];
    }

    /// <summary>The name before the equals sign of a column's folders, where special letters are encoded.</summary>
    internal static string Key(LakeColumn column) => Uri.EscapeDataString(column.Name);

    // Text, whatever it looks like: 2026-01 is no date, and a year is none either.
    internal static LakeColumn Column(Partition partition) => new(partition.Key, ColumnType.Text);
}
