using Sluice.Engine.Catalog;

namespace Sluice.Engine.Config;

/// <summary>One table to ingest: what is read and where and how it is written.</summary>
public sealed record TableJob
{
    /// <summary>The table as it was asked for: a resource, with its period where it has one.</summary>
    public required TableName Source { get; init; }

    /// <summary>What the catalog says of the resource.</summary>
    public required Resource Resource { get; init; }

    /// <summary>The schema of the destination table.</summary>
    public string Schema { get; init; } = "customerio";

    /// <summary>The destination table.</summary>
    public required string Table { get; init; }

    /// <summary>What is done with rows that are there.</summary>
    public required Strategy Strategy { get; init; }

    /// <summary>The columns that identify a row.</summary>
    public required IReadOnlyList<string> PrimaryKey { get; init; }

    /// <summary>The column by which changed rows are known, or null.</summary>
    public string? IncrementalKey { get; init; }

    /// <summary>What was said about how the resource, and those that lead to it, are asked for; <see cref="Resource"/> has it applied.</summary>
    public OptionValues Options { get; init; } = OptionValues.None;

    /// <summary>The workspaces that it is read from, by name; empty for all of the run's.</summary>
    public IReadOnlyList<string> Workspaces { get; init; } = [];

    /// <summary>Whether it holds the rows of several workspaces, told apart by the column <c>workspace</c>.</summary>
    public bool IsCombined { get; init; }

    /// <summary>Whether a workspace's rows go into it.</summary>
    public bool IsReadFrom(string workspace) => Workspaces.Count == 0 || Workspaces.Contains(workspace, StringComparer.Ordinal);

    /// <summary>How this table is read and written.</summary>
    public TableSettings Settings { get; init; } = new();

    /// <summary>Which rows of what leads to it are asked.</summary>
    public WhereFilter Where { get; init; } = WhereFilter.None;

    /// <summary>What the table holds, in words that change whenever other rows would be asked for: a mark of one question is none of another.</summary>
    public string Question => $"{Source}{(Options.IsEmpty ? "" : "?")}{Options}{(Where.IsEmpty ? "" : " where ")}{Where}{(Slice is null ? "" : "#")}{Slice}";

    /// <summary>Whether it becomes several tables once it is known which kinds of records there are.</summary>
    public Slicing Slicing { get; init; }

    /// <summary>The records that this table is of, when it is one of several; null for all.</summary>
    public RecordSlice? Slice { get; init; }

    /// <summary>Which members of the records' object become columns; null for none.</summary>
    public Flattening? Flattening { get; init; }

    /// <summary>Names that columns have in the destination instead of those made from fields that the catalog does not know, by the field.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Types that the user wants instead of the catalog's, by column.</summary>
    public IReadOnlyDictionary<string, ColumnType> TypeOverrides { get; init; } = new Dictionary<string, ColumnType>(StringComparer.Ordinal);

    /// <summary>Columns to keep; empty for all.</summary>
    public IReadOnlySet<string> Only { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Columns to leave out.</summary>
    public IReadOnlySet<string> Without { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}
