using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Writes.Operations;
using Sluice.Writes.Statements;

namespace Sluice.Writes.Backup;

/// <summary>What a restore would change in a thing that is in Customer.io, and what it can't.</summary>
internal sealed class ItemComparison
{
    // These follow from the sender's number, or say how the content was made.
    private static readonly string[] Told = ["id", "type", "from", "reply_to", "editor"];

    private readonly BackupItem _saved;
    private readonly BackupItem _present;
    private readonly List<RestoreDifference> _differences = [];
    private readonly List<string> _impossible = [];

    private ItemComparison(BackupItem saved, BackupItem present) => (_saved, _present) = (saved, present);

    public IReadOnlyList<RestoreDifference> Differences => _differences;

    /// <summary>What differs and no call changes, in words.</summary>
    public IReadOnlyList<string> Impossible => _impossible;

    /// <summary>The values as they are, of what will be set.</summary>
    public JsonObject Before { get; } = [];

    /// <summary>The values that will be set.</summary>
    public JsonObject After { get; } = [];

    /// <summary>The members whom the segment no longer has.</summary>
    public IReadOnlyList<SavedMember> Members { get; private set; } = [];

    /// <exception cref="FormatException">A line of the backup is no member.</exception>
    public static ItemComparison Of(BackupItem saved, BackupItem present)
    {
        var comparison = new ItemComparison(saved, present);
        if (saved.Kind.Parent is null)
        {
            comparison.Named();
        }
        else if (saved.Text("type") is { } type && type != present.Text("type"))
        {
            comparison._impossible.Add($"it is of type {present.Text("type")} now, and was of type {type}");
        }
        else
        {
            comparison.Content();
        }

        return comparison;
    }

    private void Named()
    {
        if (_saved.Kind.HasMembers)
        {
            if (!IsSameText(_saved.Text("description"), _present.Text("description")))
            {
                _impossible.Add("description: no call changes it");
            }

            AddMembers();
        }
        else if (_saved.Kind.LinesFile is not null)
        {
            Rows();
        }
        else if (_saved.Values.ContainsKey("value") && _saved.Text("value") != _present.Text("value"))
        {
            Set("value", _present.Values["value"], _saved.Values["value"]);
        }
    }

    private void Rows()
    {
        if (_saved.Lines is not { } then || _present.Lines is not { } now
            || (then.Count == now.Count && then.Zip(now).All(pair => IsSameRow(pair.First, pair.Second))))
        {
            return;
        }

        _differences.Add(new RestoreDifference($"rows ({now.Count} now, {then.Count} in the backup)", LineDifference.Of(now, then)));
        Before["data"] = RowsOf(now);
        After["data"] = RowsOf(then);
    }

    private void AddMembers()
    {
        if (_saved.Lines is not { } then || _present.Lines is not { } now)
        {
            return;
        }

        var there = now.Select(SavedMember.Read).SelectMany(one => new[] { one.CioId, one.Id is null ? null : $"id {one.Id}" }).ToHashSet();
        Members = [.. then.Select(SavedMember.Read).Where(one => !there.Contains(one.CioId) && (one.Id is null || !there.Contains($"id {one.Id}")))];
        if (Members.Count > 0)
        {
            _differences.Add(new RestoreDifference($"members: {Members.Count} to add, {now.Count} there now", []));
        }
    }

    private void Content()
    {
        foreach (var field in _saved.Kind.Writes.Fields.Where(field => IsKnown(field.Name)))
        {
            var (then, now) = (_saved.Values[field.Name], _present.Values[field.Name]);
            var isBlank = ContentUpdate.IsShownBlank(field, _saved.Values) || ContentUpdate.IsShownBlank(field, _present.Values);
            if (isBlank || ContentUpdate.IsSame(field, then, now))
            {
                continue;
            }

            if (Refusal(field, then) is { } reason)
            {
                _impossible.Add($"{field.Name}: {reason}");
            }
            else
            {
                Set(field.Name, now, then ?? ItemValues.Nothing(_saved.Kind, field));
            }
        }

        var others = _saved.Kind.Columns.Select(column => column.Name)
            .Where(name => !Told.Contains(name) && IsKnown(name) && _saved.Kind.Writes.Fields.All(field => field.Name != name));
        foreach (var name in others.Where(name => !IsSameText(_saved.Text(name), _present.Text(name))))
        {
            _impossible.Add($"{name}: no call changes it");
        }
    }

    private bool IsKnown(string column) => _saved.Values.ContainsKey(column) && _present.Values.ContainsKey(column);

    private string? Refusal(WriteField field, JsonNode? then) =>
        field.Channels.Count > 0 && !field.Channels.Contains(_present.Text("type") ?? "") ? "no call changes it"
        : field.Name == "body" && _present.Text("editor") == "drag-and-drop" ? "was made with the drag-and-drop editor, and can only be changed there"
        : then is null && !field.IsNullable && ItemValues.Nothing(_saved.Kind, field) is null ? "had no value, and no call takes it away"
        : null;

    private void Set(string column, JsonNode? now, JsonNode? then)
    {
        Before[column] = now?.DeepClone();
        After[column] = then?.DeepClone();
        _differences.Add(new RestoreDifference(column, LineDifference.Of(LinesOf(now), LinesOf(then))));
    }

    private static string[] LinesOf(JsonNode? value) =>
        value is JsonValue one && one.TryGetValue<string>(out var text) ? text.Split('\n') : [value?.ToJsonString(BackupJson.Relaxed) ?? ""];

    private static bool IsSameText(string? one, string? other) => (one ?? "") == (other ?? "");

    private static bool IsSameRow(string one, string other) =>
        one == other || JsonNode.DeepEquals(JsonNode.Parse(one), JsonNode.Parse(other));

    internal static JsonArray RowsOf(IEnumerable<string> lines) => new([.. lines.Select(line => JsonNode.Parse(line))]);
}

/// <summary>A person who was in a segment.</summary>
internal sealed record SavedMember(string? CioId, string? Id, string? Email)
{
    /// <exception cref="FormatException">The line is about nobody.</exception>
    public static SavedMember Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        var member = new SavedMember(Text(json.RootElement, "cio_id"), Text(json.RootElement, "id"), Text(json.RootElement, "email"));
        return member is { CioId: null, Id: null, Email: null } ? throw new FormatException("a member has no cio_id, id or email") : member;
    }

    /// <summary>The row that adds the person: by what stays when a person is made anew, if there is such a thing.</summary>
    public JsonObject In(long segment) => new()
    {
        ["segment_id"] = segment,
        [Id is not null ? "id" : Email is not null ? "email" : "cio_id"] = Id ?? Email ?? CioId,
    };

    private static string? Text(JsonElement member, string name) =>
        member.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
