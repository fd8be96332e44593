using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Writes.Operations;
using Sluice.Writes.Statements;

namespace Sluice.Writes.Backup;

/// <summary>Reads rows of a workspace.</summary>
/// <param name="sql">The query.</param>
/// <param name="cancel">Stops within a page.</param>
public delegate IAsyncEnumerable<JsonObject> WorkspaceRows(string sql, CancellationToken cancel);

/// <summary>One thing of a backup: a snippet, a collection, a segment, or a content of a message.</summary>
internal sealed record BackupItem
{
    public required BackupKind Kind { get; init; }

    /// <summary>What makes it the same thing in the folder and in the workspace: its name, or the numbers of message and content.</summary>
    public required string Key { get; init; }

    /// <summary>Its folder below that of the kind.</summary>
    public required string Path { get; init; }

    /// <summary>Its values, those that become files of their own included.</summary>
    public required JsonObject Values { get; init; }

    /// <summary>Rows of a collection or members of a segment, each a JSON object in one line; null when there are none to tell of.</summary>
    public IReadOnlyList<string>? Lines { get; init; }

    /// <summary>Its number in Customer.io, where it is known by its name.</summary>
    public long? Id { get; init; }

    /// <summary>Which one it is of several of one name, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>The hash of what Customer.io had when the backup was made; null for what comes from there.</summary>
    public string? Hash { get; init; }

    public string? Name => Text("name");

    public string? Text(string column) => Values[column]?.ToString();

    public static string KeyOf(string name, int number) => number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}\n{number}");

    /// <summary>The hash of all that a restore could write; members are left out, for they come and go.</summary>
    public string ContentHash()
    {
        var text = new StringBuilder();
        foreach (var field in Kind.Writes.Fields.Where(field => !ContentUpdate.IsNothing(field, Values[field.Name])))
        {
            var value = Encoding.UTF8.GetString(CallBody.Text(ContentUpdate.Parsed(field, Values[field.Name])!));
            text.Append(field.Name).Append('=').Append(value).Append('\n');
        }

        text.AppendJoin('\n', Kind.HasMembers ? [] : Lines ?? []);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}

/// <summary>Makes things of the rows that a workspace gives.</summary>
internal static class WorkspaceItems
{
    public static async IAsyncEnumerable<BackupItem> ReadAsync(
        BackupKind kind, IAsyncEnumerable<JsonObject> rows, [EnumeratorCancellation] CancellationToken cancel)
    {
        var group = new List<JsonObject>();
        var names = new SameNames();
        await foreach (var row in rows.WithCancellation(cancel))
        {
            if (group.Count > 0 && (kind.LinesFile is null || row["id"]!.ToString() != group[0]["id"]!.ToString()))
            {
                yield return Of(kind, group, names);
                group.Clear();
            }

            group.Add(row);
        }

        if (group.Count > 0)
        {
            yield return Of(kind, group, names);
        }
    }

    /// <summary>Whether it has what a backup keeps: steps such as delays have no content, and data-driven segments compute themselves.</summary>
    public static bool HasContent(BackupItem item) => item.Kind switch
    {
        { HasMembers: true } => item.Text("type") == "manual",
        { Parent: not null } => item.Kind.Bodies.Any(column => item.Text(column) is { Length: > 0 })
            || item.Kind.Writes.Fields.Any(field => field.Channels.Contains(item.Text("type") ?? "")),
        _ => true,
    };

    private static BackupItem Of(BackupKind kind, IReadOnlyList<JsonObject> rows, SameNames names) =>
        kind.Parent is { } parent ? Content(kind, rows[0], parent) : Named(kind, rows, names);

    private static BackupItem Content(BackupKind kind, JsonObject row, string parent)
    {
        var (message, id) = (row[parent]!.GetValue<long>(), row["id"]!.GetValue<long>());
        var folder = FolderName.Of(message, row[kind.ParentName!]?.ToString());
        return new BackupItem
        {
            Kind = kind,
            Key = string.Create(CultureInfo.InvariantCulture, $"{message}/{id}"),
            Path = $"{folder}/{FolderName.Of(id, row["name"]?.ToString(), row["language"]?.ToString())}",
            Values = row,
        };
    }

    private static BackupItem Named(BackupKind kind, IReadOnlyList<JsonObject> rows, SameNames names)
    {
        var first = rows[0];
        var name = first["name"]?.ToString() ?? "";
        var number = names.NumberOf(name);
        var values = new JsonObject { ["name"] = name };
        foreach (var column in first.Select(value => value.Key).Where(column => column is "value" or "description" or "type").ToList())
        {
            values[column] = column == "value" ? first[column]?.ToString().Trim() : first[column]?.DeepClone();
        }

        return new BackupItem
        {
            Kind = kind,
            Key = BackupItem.KeyOf(name, number),
            Number = number,
            Path = FolderName.Of(name, number),
            Values = values,
            Id = first["id"]?.GetValue<long>(),
            Lines = first.ContainsKey("line") ? [.. rows.Where(row => row["line"] is not null).Select(row => OneLine(row["line"]!.ToString()))]
                : first.ContainsKey("cio_id") ? [.. rows.Where(row => row["cio_id"] is not null).Select(Member)]
                : null,
        };
    }

    // Numbers keep their digits, which they would not as doubles.
    private static string OneLine(string json)
    {
        using var row = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(row.RootElement, BackupJson.Relaxed));
    }

    private static string Member(JsonObject row) => Encoding.UTF8.GetString(CallBody.Text(new JsonObject
    {
        ["cio_id"] = row["cio_id"]!.DeepClone(),
        ["id"] = row["person_id"]?.DeepClone(),
        ["email"] = row["email"]?.DeepClone(),
    }));
}

/// <summary>Numbers things that have one name, in the order in which they come.</summary>
internal sealed class SameNames
{
    private string? _last;
    private int _number;

    public int NumberOf(string name)
    {
        (_last, _number) = (name, name == _last ? _number + 1 : 1);
        return _number;
    }
}

/// <summary>How JSON is written for people and for git.</summary>
internal static class BackupJson
{
    public static JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonSerializerOptions Pretty { get; } = new(Relaxed) { WriteIndented = true, NewLine = "\n" };

    public static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(Pretty) + "\n");
}
