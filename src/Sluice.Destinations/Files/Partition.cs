using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Files;

/// <summary>A column of times by which a table's files are put into folders, as Hive does.</summary>
/// <param name="Column">The column.</param>
/// <param name="Unit">How much time a folder holds.</param>
internal sealed record Partition(string Column, PartitionUnit Unit)
{
    /// <summary>What Hive calls the folder of rows without a time.</summary>
    public const string Null = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The folders' key: another name than the column's, for a reader takes it for one more column.</summary>
    public string Key => Unit switch
    {
        PartitionUnit.Year => $"{Column}_year",
        PartitionUnit.Month => $"{Column}_month",
        _ => $"{Column}_date",
    };

    /// <summary>The microseconds at which a row's folder begins, and the next one.</summary>
    public string Start => $"epoch_us({Truncated})";

    public string End => $"epoch_us({Truncated} + INTERVAL 1 {UnitWord})";

    /// <summary>Reads a list such as <c>created_at:month,updated_at</c>.</summary>
    /// <exception cref="SluiceException">It is no such list (kind Config).</exception>
    public static IReadOnlyList<Partition> ReadList(string? text)
    {
        var list = (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Read).ToList();
        return list.GroupBy(partition => partition.Key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new SluiceException(SluiceErrorKind.Config, $"partition_by names {twice.First().Column} twice.", "Name each column once.")
            : list;
    }

    /// <summary>Those that apply to a table: it has the column, and times are in it.</summary>
    public static IReadOnlyList<Partition> Applying(IEnumerable<Partition> wanted, IReadOnlyDictionary<string, string> columns) =>
        [.. wanted.Where(partition => columns.TryGetValue(partition.Column, out var type) && SqlType.Parse(type) == ColumnType.Timestamp)];

    /// <summary>The list as <see cref="ReadList"/> reads it; null for none.</summary>
    public static string? Write(IReadOnlyList<Partition> list) =>
        list.Count == 0 ? null : string.Join(',', list.Select(partition => $"{partition.Column}:{partition.UnitWord}"));

    /// <summary>The folder's name.</summary>
    public string Folder(long? start) => $"{Uri.EscapeDataString(Key)}={(start is { } from ? Value(from) : Null)}";

    /// <summary>The condition on rows that belong to the folder.</summary>
    public string Condition(long? start, long? end)
    {
        var column = StagingTables.Quote(Column);
        return start is null
            ? $"{column} IS NULL"
            : string.Create(CultureInfo.InvariantCulture, $"{column} >= make_timestamptz({start}) AND {column} < make_timestamptz({end})");
    }

    private string Truncated => $"date_trunc('{UnitWord}', make_timestamp(epoch_us({StagingTables.Quote(Column)})))";

    private string UnitWord => Unit.ToString().ToLowerInvariant();

    private static Partition Read(string entry)
    {
        var parts = entry.Split(':', 2, StringSplitOptions.TrimEntries);
        var unit =
            parts.Length == 1
                ? PartitionUnit.Day
                : parts[1].ToLowerInvariant() switch
                {
                    "day" or "date" => PartitionUnit.Day,
                    "month" => PartitionUnit.Month,
                    "year" => PartitionUnit.Year,
                    _ => throw new SluiceException(
                        SluiceErrorKind.Config,
                        $"partition_by can't divide {parts[0]} by '{parts[1]}'.",
                        $"Write {parts[0]}:day, {parts[0]}:month or {parts[0]}:year."),
                };
        return new Partition(parts[0], unit);
    }

    private string Value(long start) => DateTime.UnixEpoch.AddMicroseconds(start).ToString(
        Unit switch { PartitionUnit.Year => "yyyy", PartitionUnit.Month => "yyyy-MM", _ => "yyyy-MM-dd" }, CultureInfo.InvariantCulture);
}

/// <summary>How much time a folder holds.</summary>
internal enum PartitionUnit
{
    /// <summary>A calendar day in UTC.</summary>
    Day,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>A calendar year.</summary>
    Year,
}
