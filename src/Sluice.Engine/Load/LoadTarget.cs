using Sluice.Engine.Catalog;

namespace Sluice.Engine.Load;

/// <summary>Which table is loaded, how, and by whom.</summary>
public sealed record LoadTarget
{
    /// <summary>The schema when none is named.</summary>
    public const string DefaultSchema = "customerio";

    /// <summary>The schema of the table.</summary>
    public required string Schema { get; init; }

    /// <summary>The table's name.</summary>
    public required string Table { get; init; }

    /// <summary>What is done with rows that are there.</summary>
    public required Strategy Strategy { get; init; }

    /// <summary>The columns that identify a row; empty when nothing does, and then no doubles are looked for.</summary>
    public required IReadOnlyList<string> PrimaryKey { get; init; }

    /// <summary>The column whose range delete+insert deletes, or null.</summary>
    public string? IncrementalKey { get; init; }

    /// <summary>The range of time that was asked for.</summary>
    public Interval Interval { get; init; } = Interval.All;

    /// <summary>Whether the table has the column <c>_sluice_deleted_at</c>, for rows that Customer.io no longer has.</summary>
    public bool MarksDeleted { get; init; }

    /// <summary>Whether nothing of the old table is to be kept, marks of deleted rows neither.</summary>
    public bool StartsOver { get; init; }

    /// <summary>Rows after which what is staged must survive the end of the process.</summary>
    public long StageRows { get; init; } = 250_000;

    /// <summary>The folder in which a destination that can't stage rows itself keeps them until the commit; nobody else writes there.</summary>
    public required string StageFolder { get; init; }

    /// <summary>The run, written into every row.</summary>
    public required string RunId { get; init; }

    /// <summary>Names the records that are loaded: a resumed run has the same, so that nothing is loaded twice.</summary>
    public required string LoadId { get; init; }

    /// <summary>When the rows were loaded, written into every row.</summary>
    public required DateTimeOffset LoadedAt { get; init; }
}
