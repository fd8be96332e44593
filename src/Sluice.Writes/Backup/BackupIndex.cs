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
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"{path} is not what 'sluice backup' writes: {error.Message}", inner: error);
        }
    }

    private static BackupIndex Read(JsonElement json, string folder)
    {
        var format = json.GetProperty("sluice_backup").GetInt64();
        if (format != CurrentFormat)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The backup in {folder} is of format {format}, and this version of Sluice knows format {CurrentFormat} alone.",
                format > CurrentFormat ? "Take a newer version of Sluice." : "Make the backup anew in an empty folder.");
        }

        var workspace = json.GetProperty("workspace");
        var kinds = json.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString() ?? "").ToList();
        return new BackupIndex
        {
            Api = workspace.GetProperty("api").GetString() ?? throw new FormatException("api is missing"),
            WorkspaceId = workspace.GetProperty("id").GetString(),
            WorkspaceName = workspace.GetProperty("name").GetString(),
            Kinds = [.. BackupKind.All.Select(kind => kind.Name).Intersect(kinds)],
            HasMembers = json.GetProperty("members").GetBoolean(),
            IsComplete = json.GetProperty("complete").GetBoolean(),
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
