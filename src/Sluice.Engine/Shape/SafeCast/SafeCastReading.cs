using System.Globalization;

namespace Sluice.Engine.Shape.SafeCast;

/// <summary>SQL over a copy of a segment in which every value can be cast to its column's type; disposing it deletes the copy.</summary>
public sealed class SafeCastReading : IDisposable
{
    private readonly string _path;
    private readonly string _rejects;

    internal SafeCastReading(string path, string sql, string rejects, long rejected)
    {
        _path = path;
        Sql = sql;
        _rejects = rejects;
        Rejected = rejected;
    }

    /// <summary>SELECT of the rows; no value makes it fail.</summary>
    public string Sql { get; }

    /// <summary>Rejected values of the segment, before any filter.</summary>
    public long Rejected { get; }

    /// <summary>
    /// SELECT of (record_key, column_name, raw_value) of the rejected values in the rows of <see cref="Sql"/>; null if there are none.
    /// </summary>
    /// <param name="most">The maximum number of rows to load, or null for all.</param>
    public string? RejectsSql(long? most) => Rejected == 0 ? null : $"""
        SELECT record_key, reject.c AS column_name, reject.v AS raw_value
        FROM (SELECT CAST({SafeCastRow.KeyName} AS JSON) AS record_key, unnest({SafeCastRow.RejectsName}) AS reject FROM (
        {_rejects}{(most is { } limit ? string.Create(CultureInfo.InvariantCulture, $"\nLIMIT {limit}") : "")}
        ))
        """;

    /// <summary>Deletes the copy.</summary>
    public void Dispose() => File.Delete(_path);
}

/// <summary>The columns that a safe cast produces.</summary>
/// <param name="Columns">All columns of the table, including those that the user does not keep, because filters may need them.</param>
/// <param name="Options">The keys, and which columns are kept.</param>
/// <param name="Extras">The fields without a column of their own.</param>
internal sealed record SafeCastPlan(IReadOnlyList<TableColumn> Columns, ShapeOptions Options, IReadOnlySet<string> Extras)
{
    /// <summary>The column that a field's rejected values are reported for; null if the user keeps none.</summary>
    public string? ColumnOf(string field) =>
        Extras.Contains(field)
            ? Columns.FirstOrDefault(column => column.Origin == ColumnOrigin.Extra && Options.Keeps(column.Name))?.Name
            : Columns
                .FirstOrDefault(column =>
                    Options.Keeps(column.Name) && column.Sources.Any(source => string.Equals(source[0], field, StringComparison.Ordinal)))
                ?.Name;
}
