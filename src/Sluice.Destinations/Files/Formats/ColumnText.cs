using Sluice.Engine.Catalog;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Files.Formats;

/// <summary>Values as text in files.</summary>
internal static class ColumnText
{
    /// <summary>A time in ISO 8601, UTC, to the microsecond; by way of a plain timestamp, which takes half the time of one with a zone.</summary>
    public static string IsoTime(string column) => $"strftime(make_timestamp(epoch_us({column})), '%Y-%m-%dT%H:%M:%S.%fZ')";

    public static ColumnType TypeOf(TypedColumn column) => SqlType.Parse(column.Type);

    public static string Quote(TypedColumn column) => StagingTables.Quote(column.Name);

    /// <summary>What columns are called while a file is read: headers can hold anything.</summary>
    public static string Place(int place) => $"c{place}";
}
