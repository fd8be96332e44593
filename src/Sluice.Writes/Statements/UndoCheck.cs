using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>Looks what rows are now that would be written back, and whether somebody else has changed them since.</summary>
/// <param name="client">The way to the workspace.</param>
/// <param name="table">What can be written of the table.</param>
/// <param name="key">Its primary key.</param>
public sealed class UndoCheck(CustomerIoClient client, TableWrites table, IReadOnlyList<string> key)
{
    private JsonArray? _all;

    /// <summary>Reads each row, and leaves out those that are as they were before.</summary>
    /// <exception cref="CustomerIoException">They can't be read.</exception>
    public async Task<IReadOnlyList<UndoStep>> LookAsync(IReadOnlyList<UndoStep> steps, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var looked = new List<UndoStep>();
        foreach (var step in steps)
        {
            looked.Add(Compare(step, await ReadAsync(step, cancel)));
        }

        return [.. looked.Where(step => step.Call.Changes.Count > 0 || step.Since is not null)];
    }

    private UndoStep Compare(UndoStep step, JsonObject? row)
    {
        var isMade = step.Call.Verb == "insert";
        var fields = table.Fields
            .Where(field => step.Former.ContainsKey(field.Name) && (isMade || !key.Contains(field.Name)))
            .Where(field => row is null || !(IsHidden(field, row) || IsSame(field, row, step.Former))).ToList();
        var changed = row is null || step.Set is not { } set ? [] : fields
            .Where(field => !IsSame(field, row, set.ContainsKey(field.Name) ? set : step.Former)).Select(field => field.Name).ToList();
        var changes = fields.Select(field => Change(field.Name, row, step.Former)).ToList();
        return step with
        {
            Call = step.Call with { Changes = changes, Before = row is null || isMade ? null : Kept(row, changes) },
            Since = isMade ? row is null ? null : "is there again"
                : row is null ? "is no longer there"
                : changed.Count == 0 ? null
                : $"has another {string.Join(", another ", changed)} than it was given",
        };
    }

    private static ValueChange Change(string name, JsonObject? row, JsonObject former) =>
        new(name, row?[name]?.DeepClone(), former[name]?.DeepClone());

    // What is overwritten now can be written back in its turn.
    private JsonObject Kept(JsonObject row, IReadOnlyList<ValueChange> changes)
    {
        var kept = new JsonObject();
        foreach (var name in key.Concat(changes.Select(one => one.Name)))
        {
            kept[name] = row[name]?.DeepClone();
        }

        return kept;
    }

    // Customer.io shows some values blank.
    private static bool IsHidden(WriteField field, JsonObject row) => ContentUpdate.IsShownBlank(field, row);

    private static bool IsSame(WriteField field, JsonObject one, JsonObject other) => ContentUpdate.IsSame(field, one[field.Name], other[field.Name]);

    private async Task<JsonObject?> ReadAsync(UndoStep step, CancellationToken cancel)
    {
        if (step.Call.Call.Read is null)
        {
            return await FindAsync(step.Former, cancel);
        }

        try
        {
            return await new ContentUpdate(client, step.Call).CurrentAsync(cancel);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            return null;
        }
    }

    private async Task<JsonObject?> FindAsync(JsonObject former, CancellationToken cancel)
    {
        _all ??= JsonNode.Parse((await client.SendAsync(ApiRequest.Get(table.List!), cancel)).Body.Span)![table.Table]!.AsArray();
        var row = _all.OfType<JsonObject>().FirstOrDefault(one => key.All(name => one[name]?.ToString() == former[name]?.ToString()));
        if (row is not null && former["data"] is not null)
        {
            // The rows of a collection are no part of it.
            var rows = await CollectionContent.ReadAsync(client, row["id"]!.ToString(), cancel);
            row = (JsonObject)row.DeepClone();
            row["data"] = new JsonArray([.. rows.Select(one => JsonNode.Parse(one.Json))]);
        }

        return row;
    }
}
