using System.Text.Json.Nodes;
using Sluice.Engine.Load;

namespace Sluice.Writes.Sync;

/// <summary>The changes of the table, made and not committed yet.</summary>
internal sealed class TableChange : IAsyncDisposable
{
    private readonly IEditableTable? _table;
    private readonly IReadOnlyDictionary<string, SideRow> _after;

    private TableChange(IEditableTable? table, IReadOnlyDictionary<string, SideRow> after, IReadOnlyList<string> notes) =>
        (_table, _after, Notes) = (table, after, notes);

    /// <summary>Values that the database holds in another way than they were written.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Makes the changes; null when the rows are not any more those that were read.</summary>
    public static async Task<TableChange?> BeginAsync(
        TwoWaySettings settings, TwoSides sides, IReadOnlyList<RowMove> moves, CancellationToken cancel)
    {
        if (moves.Count == 0)
        {
            return new TableChange(null, sides.Database, []);
        }

        var table = await settings.OpenAsync(true, cancel);
        try
        {
            if (!sides.IsSame(await RowsAsync(settings, sides.Shape, table, cancel)))
            {
                await table.DisposeAsync();
                return null;
            }

            foreach (var move in moves)
            {
                await table.ChangeAsync(EditOf(move, sides.Shape), cancel);
            }

            var after = await RowsAsync(settings, sides.Shape, table, cancel);
            return new TableChange(table, after, [.. moves.SelectMany(move => NotesOf(move, after.GetValueOrDefault(move.Key), sides.Shape))]);
        }
        catch
        {
            await table.DisposeAsync();
            throw;
        }
    }

    /// <summary>The fingerprint that a row has in the table when all is done; null when it is gone then.</summary>
    public string? PrintOf(RowMove move) => _after.GetValueOrDefault(move.Key)?.Print;

    public Task CommitAsync() => _table?.CommitAsync() ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _table?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<IReadOnlyDictionary<string, SideRow>> RowsAsync(
        TwoWaySettings settings, RowShape shape, IEditableTable table, CancellationToken cancel) =>
        shape.Paired(settings.TableTitle, await TwoSides.HereAsync(settings, shape, table, cancel));

    // Only what differs is written: a value that is the same in another way of writing stays.
    private static RowEdit EditOf(RowMove move, RowShape shape)
    {
        if (move.Target is not { } target)
        {
            return new RowEdit(move.Name, [], (JsonObject)move.From!.Formed.DeepClone(), IsNew: true);
        }

        var key = new JsonObject(shape.Key.Select(name => KeyValuePair.Create(name, target.Formed[name]?.DeepClone())));
        return move.From is not { } row
            ? new RowEdit(move.Name, key, null, IsNew: false)
            : new RowEdit(
                move.Name,
                key,
                new JsonObject(shape.Names.Where(name => !JsonNode.DeepEquals(target.Formed[name], row.Formed[name]))
                    .Select(name => KeyValuePair.Create(name, row.Formed[name]?.DeepClone()))),
                IsNew: false);
    }

    private static IEnumerable<string> NotesOf(RowMove move, SideRow? after, RowShape shape) => move.From is not { } row ? []
        : shape.Names.Where(name => !JsonNode.DeepEquals(row.Formed[name], after?.Formed[name])).Select(name =>
            $"{move.Name}: {name} is {Text(row.Formed[name])} in Customer.io, and the database made {Text(after?.Formed[name])} of it");

    private static string Text(JsonNode? value) => value?.ToJsonString(Import.RelaxedJson.Options) ?? "NULL";
}
