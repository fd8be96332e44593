using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine;

namespace Sluice.Writes.Backup;

/// <summary>The file that says what a folder is: of which format and workspace, and whether the last backup came to its end.</summary>
public sealed record BackupIndex
{
    /// <summary>The format that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The file's name.</summary>
    public const string FileName = "sluice-backup.json";

    /// <summary>The API that was asked: us, eu, or the address of another one.</summary>
    public required string Api { get; init; }

    /// <summary>The workspace's id; null where the API does not tell it.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>The workspace's name; null where the API does not tell it.</summary>
    public string? WorkspaceName { get; init; }

    /// <summary>The kinds of things that were ever backed up into it.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>Whether it has the members of segments.</summary>
    public bool HasMembers { get; init; }

    /// <summary>Whether the files are those of one backup; false while they are being changed.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>The workspace in words.</summary>
    public string Workspace => (WorkspaceId, WorkspaceName) switch
    {
        (null, _) => $"a workspace ({Api})",
        (_, null) => $"workspace {WorkspaceId} ({Api})",
        _ => $"workspace {WorkspaceName} (id {WorkspaceId}, {Api})",
    };

    /// <summary>Whether another workspace is meant for certain.</summary>
    public bool IsOfAnotherThan(BackupIndex other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return WorkspaceId is { } mine && other.WorkspaceId is { } theirs ? mine != theirs : Api != other.Api;
    }

    /// <summary>Reads the index of a folder; null when there is none.</summary>
    /// <exception cref="SluiceException">It is no index, or one of another format (kind Config).</exception>
    public static BackupIndex? Find(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (SafeFiles.Read(path, SafeFiles.LongestFacts) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(bytes);
            return Read(json.RootElement, folder);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            var why = error is JsonException json ? JsonMistake.Of(json) : error is FormatException ? error.Message : "a value is of another kind";
            throw new SluiceException(SluiceErrorKind.Config, $"{path} is not what 'sluice backup' writes: {why}.", inner: error);
        }
    }

    private static JsonElement Of(JsonElement json, string name, params JsonValueKind[] kinds) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && kinds.Contains(value.ValueKind)
            ? value
            : throw new FormatException($"{name} is missing or of another kind");

    private static BackupIndex Read(JsonElement json, string folder)
    {
        var format = Of(json, "sluice_backup", JsonValueKind.Number).GetInt64();
        if (format != CurrentFormat)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The backup in {folder} is of format {format}, and this version of Sluice knows format {CurrentFormat} alone.",
                format > CurrentFormat ? "Take a newer version of Sluice." : "Make the backup anew in an empty folder.");
        }

        var workspace = Of(json, "workspace", JsonValueKind.Object);
        var kinds = Of(json, "kinds", JsonValueKind.Array).EnumerateArray().Select(kind => kind.GetString() ?? "").ToList();
        return new BackupIndex
        {
            Api = Of(workspace, "api", JsonValueKind.String).GetString()!,
            WorkspaceId = Of(workspace, "id", JsonValueKind.String, JsonValueKind.Null).GetString(),
            WorkspaceName = Of(workspace, "name", JsonValueKind.String, JsonValueKind.Null).GetString(),
            Kinds = [.. BackupKind.All.Select(kind => kind.Name).Intersect(kinds)],
            HasMembers = Of(json, "members", JsonValueKind.True, JsonValueKind.False).GetBoolean(),
            IsComplete = Of(json, "complete", JsonValueKind.True, JsonValueKind.False).GetBoolean(),
        };
    }

    internal byte[] Write() => BackupJson.Bytes(new JsonObject
    {
        ["sluice_backup"] = CurrentFormat,
        ["complete"] = IsComplete,
        ["workspace"] = new JsonObject { ["api"] = Api, ["id"] = WorkspaceId, ["name"] = WorkspaceName },
        ["kinds"] = new JsonArray([.. Kinds.Select(kind => JsonValue.Create(kind))]),
        ["members"] = HasMembers,
    });
}
