using Sluice.Engine.Catalog;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Files.Formats;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in DuckDB's words.</param>
internal sealed record TypedColumn(string Name, string Type)
{
    public ColumnType Kind => SqlType.Parse(Type);

    public string Quoted => StagingTables.Quote(Name);

    /// <summary>A time in ISO 8601, UTC, to the microsecond; by way of a plain timestamp, which takes half the time of one with a zone.</summary>
    public static string IsoTime(string column) => $"strftime(make_timestamp(epoch_us({column})), '%Y-%m-%dT%H:%M:%S.%fZ')";

    /// <summary>What columns are called while a file is read: headers can hold anything.</summary>
    public static string Place(int place) => $"c{place}";
}
