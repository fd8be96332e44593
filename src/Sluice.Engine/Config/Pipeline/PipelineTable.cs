using Sluice.Engine.Catalog;

namespace Sluice.Engine.Config.Pipeline;

/// <summary>One table of a sync: what a user of ingest would say about it, and what only a pipeline can say.</summary>
public sealed record PipelineTable
{
    /// <summary>What is read.</summary>
    public required TableName Source { get; init; }

    /// <summary>What holds for this table, word for word, with the sync's words where it has none of its own.</summary>
    public required IngestSettings Settings { get; init; }

    /// <summary>Whether it says something of its own about how it is read and written.</summary>
    public bool HasOwnRules { get; init; }

    /// <summary>Which rows are wanted, or null for all.</summary>
    public string? Where { get; init; }

    /// <summary>New names of columns by their old ones.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The attributes of people that become columns, or null for none.</summary>
    public FlattenedAttributes? Attributes { get; init; }

    /// <summary>Whether metrics are kept by their time.</summary>
    public bool Archive { get; init; }

    /// <summary>The destination table with its schema.</summary>
    public string Place => $"{Settings.DestSchema}.{Settings.DestTable}";
}
