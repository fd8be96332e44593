using Sluice.Engine.Masking;

namespace Sluice.Settings;

/// <summary>What a user said about an ingest, word for word; null and empty mean nothing was said.</summary>
public sealed record IngestSettings
{
    /// <summary>One table, several with commas, or <c>all</c>.</summary>
    public string? SourceTable { get; init; }

    /// <summary>The destination table, with its schema or without.</summary>
    public string? DestTable { get; init; }

    /// <summary>The destination schema.</summary>
    public string? DestSchema { get; init; }

    /// <summary>The interval's start.</summary>
    public string? IntervalStart { get; init; }

    /// <summary>The interval's end.</summary>
    public string? IntervalEnd { get; init; }

    /// <summary>replace, merge, append or delete+insert.</summary>
    public string? Strategy { get; init; }

    /// <summary>Whether tables are replaced whatever the strategy is.</summary>
    public bool FullRefresh { get; init; }

    /// <summary>The column by which changed rows are known.</summary>
    public string? IncrementalKey { get; init; }

    /// <summary>The columns that identify a row.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>Columns to keep and types to change.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> ExcludeColumns { get; init; } = [];

    /// <summary>Columns to hide and how, as <c>email:sha256</c>.</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    /// <summary>The salt of hashed columns.</summary>
    public MaskSalt? MaskSalt { get; init; }

    /// <summary>evolve, json or freeze.</summary>
    public string? SchemaContract { get; init; }

    /// <summary>How far an incremental run looks back for deliveries.</summary>
    public string? LookBack { get; init; }

    /// <summary>The same in days.</summary>
    public string? CutoffDays { get; init; }

    /// <summary>soft, hard or ignore.</summary>
    public string? Deletes { get; init; }

    /// <summary>Whether named gaps are accepted.</summary>
    public bool AllowPartial { get; init; }

    /// <summary>Whether pages are kept after the commit.</summary>
    public bool KeepSpool { get; init; }

    /// <summary>Rows per table.</summary>
    public string? Limit { get; init; }

    /// <summary>What the names of destination tables begin with.</summary>
    public string? TablePrefix { get; init; }

    /// <summary>Other names for columns, as <c>created=created_at</c>.</summary>
    public IReadOnlyList<string> Renames { get; init; } = [];

    /// <summary>Members of the records' object that become columns: <c>all</c>, or their names.</summary>
    public IReadOnlyList<string> Flatten { get; init; } = [];

    /// <summary>Whether metrics are kept as a history that grows.</summary>
    public bool Archive { get; init; }

    /// <summary>Which parents are asked, as <c>campaign_id in (1, 2)</c>.</summary>
    public string? Where { get; init; }

    /// <summary>How tables are asked for: words by the name of the option, which can be <c>table.option</c> where several tables are read.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Options { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>The folder for spools.</summary>
    public string WorkFolder { get; init; } = ".sluice";
}
