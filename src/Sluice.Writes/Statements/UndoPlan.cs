using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Writes.Journal;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>The calls that write back what a statement has overwritten, the last one first.</summary>
public static class UndoPlan
{
    /// <summary>Makes the calls.</summary>
    /// <param name="journal">What was done.</param>
    /// <param name="workspace">What tells the workspace that is written to from others.</param>
    /// <param name="keyOf">The primary key of a table.</param>
    /// <exception cref="SluiceException">Nothing of it can be undone, or not in this workspace (kind Config).</exception>
    public static IReadOnlyList<UndoStep> Make(JournalState journal, string workspace, Func<string, IReadOnlyList<string>> keyOf)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(keyOf);
        if (journal.Plan.Workspace is { } other && other != workspace)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{journal.Id} was sent to another workspace: nothing was sent.",
                "Use the key of the workspace that it was sent to.");
        }

        var table = TableWritesCatalog.Find(journal.Plan.Target);
        var entries = journal.Batches
            .Where(one => one.Kind is JournalEntry.Done or JournalEntry.Refused && one.Before is not null)
            .Reverse().ToList();
        if (table is null || entries.Count == 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"Nothing of {journal.Id} can be undone: it holds no former values.",
                "Contents of messages, snippets, reporting webhooks and names of collections can be written back.");
        }

        var changes = entries.Select((entry, index) => Back(table, entry, index)).ToList();
        return [.. new CallPlan(table, keyOf(table.Table)).Make(changes).Zip(entries, (call, entry) => new UndoStep(call, entry.Before!, entry.Set))];
    }

    // The call is that of a change from nothing known to the former values.
    private static RowChange Back(TableWrites table, JournalEntry entry, int index)
    {
        var verb = table.Find(entry.Verb!)!.Undo!;
        var former = (JsonObject)entry.Before!.DeepClone();
        if (verb == "insert")
        {
            return new RowChange(verb, index, null, former);
        }

        var before = new JsonObject();
        foreach (var (name, value) in former.ToList())
        {
            var field = table.Fields.FirstOrDefault(field => field.Name == name && field.On.Contains("update"));
            before[name] = field is null ? value?.DeepClone() : value is null ? "" : null;
            if (field is { IsNullable: false } && value is null)
            {
                before.Remove(name);
                former.Remove(name);
            }
        }

        return new RowChange(verb, index, before, former);
    }
}

/// <summary>A row that is written back.</summary>
/// <param name="Call">The call.</param>
/// <param name="Former">The values that it writes, with its key.</param>
/// <param name="Set">The values that the statement has put in their place; null where the journal does not say.</param>
public sealed record UndoStep(PlannedCall Call, JsonObject Former, JsonObject? Set)
{
    /// <summary>What somebody else has done to the row since; null for nothing, or when nobody has looked.</summary>
    public string? Since { get; init; }
}
