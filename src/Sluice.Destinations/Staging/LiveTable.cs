using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Staging;

/// <summary>A destination's table as it is when a load begins.</summary>
internal sealed record LiveTable
{
    /// <summary>A table that is not there.</summary>
    public static LiveTable None { get; } = new();

    /// <summary>The columns in their order, Sluice's own too; empty when there is no such table.</summary>
    public IReadOnlyDictionary<string, ColumnType> Columns { get; init; } = new OrderedDictionary<string, ColumnType>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which column each field was given, as <c>_sluice_columns</c> has it for this table.</summary>
    public IReadOnlyList<MappedColumn> Mapping { get; init; } = [];

    /// <summary>The integer columns with a value that a double does not hold exactly; a column that was not looked at belongs here, too.</summary>
    public IReadOnlySet<string> LongIntegers { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What this very load did when it was committed before; null when it was not.</summary>
    public LoadResult? Committed { get; init; }
}
