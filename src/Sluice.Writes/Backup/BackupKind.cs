using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Backup;

/// <summary>One kind of things that a backup holds: which rows they are made of, and which files they become.</summary>
public sealed record BackupKind
{
    // What changes by itself, or says when it was changed, is no content; a state of sending that was put back could make a campaign send.
    private static readonly string[] LeftOut = ["deduplicate_id", "created", "updated", "parent_action_id", "sending_state"];

    /// <summary>The kinds in the order in which they are restored: what messages use comes before them.</summary>
    public static IReadOnlyList<BackupKind> All { get; } =
    [
        new() { Name = "snippets", Table = "snippets", File = "snippet.json", Bodies = ["value"] },
        new() { Name = "collections", Table = "collections", File = "collection.json", LinesFile = "rows.jsonl" },
        new() { Name = "segments", Table = "segments", File = "segment.json", LinesFile = "members.jsonl" },
        Message("newsletters", "newsletter_contents", "content.json", "newsletter_id", "newsletters"),
        Message("transactional", "transactional_contents", "content.json", "transactional_id", "transactional_messages"),
        Message("campaigns", "campaign_actions", "action.json", "campaign_id", "campaigns"),
        Message("broadcasts", "broadcast_actions", "action.json", "broadcast_id", "broadcasts"),
    ];

    /// <summary>The name of its folder, and its word in <c>--only</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The table that a restore writes.</summary>
    public required string Table { get; init; }

    /// <summary>The file of each thing that says what it is; a folder without it is none.</summary>
    public required string File { get; init; }

    /// <summary>The column with the number of the message that a content belongs to; null where things are known by their names.</summary>
    public string? Parent { get; init; }

    /// <summary>The table of those messages.</summary>
    internal string? ParentTable { get; init; }

    /// <summary>The member with the name of the message.</summary>
    internal string? ParentName => Parent?.Replace("_id", "_name", StringComparison.Ordinal);

    /// <summary>Columns whose texts become files of their own.</summary>
    internal IReadOnlyList<string> Bodies { get; init; } = [];

    /// <summary>The file with a line for each row, or member; null for none.</summary>
    internal string? LinesFile { get; init; }

    /// <summary>Whether its lines are members of segments, who are people.</summary>
    internal bool HasMembers => Table == "segments";

    /// <summary>What can be written of it.</summary>
    internal TableWrites Writes => TableWritesCatalog.Find(Table)!;

    /// <summary>The columns of the contents of messages.</summary>
    internal IReadOnlyList<Column> Columns => Parent is null ? [] :
    [
        .. ResourceCatalog.Default.Find(Table)!.Columns.Where(column => column.Name != Parent && !LeftOut.Contains(column.Name)),
    ];

    /// <summary>Finds a kind by its name; null when there is none.</summary>
    public static BackupKind? Find(string name) => All.FirstOrDefault(kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The query that gives the rows of all things of the kind, those of one thing side by side.</summary>
    /// <param name="withMembers">Whether the members of segments are read, too.</param>
    public string Query(bool withMembers) => Query(withMembers, null);

    /// <summary>The same for a few things, which costs less; null for all.</summary>
    internal string Query(bool withMembers, IReadOnlyList<BackupItem>? only) => Table switch
    {
        "snippets" => "SELECT name, value FROM snippets ORDER BY name",
        "collections" =>
            "SELECT c.id, c.name, CAST(r.\"row\" AS VARCHAR) AS line FROM collections c LEFT JOIN collection_rows r ON r.collection_id = c.id "
            + $"WHERE {Named("c.name", only)} ORDER BY c.name, c.id, r.row_index",
        "segments" when !withMembers => $"SELECT id, name, description, type FROM segments WHERE {Named("name", only)} ORDER BY name, id",
        "segments" =>
            "SELECT s.id, s.name, s.description, s.type, m.cio_id, m.id AS person_id, m.email FROM segments s "
            + $"LEFT JOIN segment_memberships m ON m.segment_id = s.id WHERE s.type = 'manual' AND {Named("s.name", only)} "
            + "UNION ALL SELECT id, name, description, type, NULL, NULL, NULL FROM segments "
            + $"WHERE type IS DISTINCT FROM 'manual' AND {Named("name", only)} ORDER BY 2, 1, 5",
        _ => Contents(only),
    };

    private static string Named(string column, IReadOnlyList<BackupItem>? only) =>
        only is null ? "true" : $"{column} IN ({string.Join(", ", only.Select(item => DuckDBLiteral.Quote(item.Name!)).Distinct())})";

    private string Contents(IReadOnlyList<BackupItem>? only)
    {
        var columns = string.Join(", ", Columns.Select(column => $"c.\"{column.Name}\""));
        var messages = only?.Select(item => item.Values[Parent!]!.ToString()).Distinct().ToList();
        return $"SELECT c.{Parent}, p.name AS {ParentName}, {columns} FROM {Table} c JOIN {ParentTable} p ON p.id = c.{Parent} "
            + (messages is null ? "" : $"WHERE c.{Parent} IN ({string.Join(", ", messages)}) ")
            + $"ORDER BY c.{Parent}, c.id";
    }

    private static BackupKind Message(string name, string table, string file, string parent, string parentTable) => new()
    {
        Name = name,
        Table = table,
        File = file,
        Parent = parent,
        ParentTable = parentTable,
        Bodies = ["body", "body_amp", "body_json"],
    };
}
