using Sluice.Engine.Catalog;

namespace Sluice.Settings.Pipelines;

/// <summary>One table of a sync, in the words that a user of ingest would say about it.</summary>
public sealed record PipelineTable
{
    /// <summary>What is read.</summary>
    public required TableName Source { get; init; }

    /// <summary>What holds for this table, word for word, with the sync's words where it has none of its own.</summary>
    public required IngestSettings Settings { get; init; }

    /// <summary>Whether it says something of its own about how it is read and written.</summary>
    public bool HasOwnRules { get; init; }

    /// <summary>The destination table; the beginning of several tables' names where activities become one for each type.</summary>
    public string Table { get; init; } = "";

    /// <summary>The destination table with its schema.</summary>
    public string Place => $"{Settings.DestSchema}.{Table}";
}
