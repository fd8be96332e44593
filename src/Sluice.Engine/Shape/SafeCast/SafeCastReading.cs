using System.Globalization;

namespace Sluice.Engine.Shape.SafeCast;

/// <summary>SQL over a copy of a segment in which every value is known to fit its column; disposing deletes the copy.</summary>
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

    /// <summary>SELECT of the rows; never fails on a value.</summary>
    public string Sql { get; }

    /// <summary>Values of the segment that did not fit, before any filter.</summary>
    public long Rejected { get; }

    /// <summary>SELECT of (record_key, column_name, raw_value) for every value that did not fit, of the rows that <see cref="Sql"/> gives; null when all fit.</summary>
    /// <param name="most">Rows that are loaded at most, or null for all.</param>
    public string? RejectsSql(long? most) => Rejected == 0 ? null : $"""
        SELECT record_key, reject.c AS column_name, reject.v AS raw_value
        FROM (SELECT CAST({SafeCastRow.KeyName} AS JSON) AS record_key, unnest({SafeCastRow.RejectsName}) AS reject FROM (
        {_rejects}{(most is { } limit ? string.Create(CultureInfo.InvariantCulture, $"\nLIMIT {limit}") : "")}
        ))
        """;

    /// <summary>Deletes the copy.</summary>
    public void Dispose() => File.Delete(_path);
}

/// <summary>What a careful reading makes of records.</summary>
/// <param name="Columns">All columns of the table, also those that the user does not keep: filters may need them.</param>
/// <param name="Options">The keys, and which columns are kept.</param>
/// <param name="Extras">The fields that have no column of their own.</param>
internal sealed record SafeCastPlan(IReadOnlyList<TableColumn> Columns, ShapeOptions Options, IReadOnlySet<string> Extras)
{
    /// <summary>The column that tells of a field's values when they can't be kept: null if the user keeps none.</summary>
    public string? ColumnOf(string field) => Extras.Contains(field)
        ? Columns.FirstOrDefault(column => column.Origin == ColumnOrigin.Extra && Options.Keeps(column.Name))?.Name
        : Columns.FirstOrDefault(column => Options.Keeps(column.Name) && column.Sources.Any(source => string.Equals(source[0], field, StringComparison.Ordinal)))?.Name;
}
