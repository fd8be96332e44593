using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Ddl;

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
