using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;
using Sluice.Writes.Statements;

namespace Sluice.Writes.Sync;

/// <summary>Customer.io's side: what is read, and the calls that change it.</summary>
internal abstract class RemoteSide
{
    /// <summary>The table of the catalog whose calls are made.</summary>
    public abstract string Target { get; }

    /// <summary>The collection's id; null for snippets.</summary>
    public virtual string? Collection => null;

    /// <summary>Reads all rows.</summary>
    public abstract Task<IReadOnlyList<JsonObject>> ReadAsync(CancellationToken cancel);

    /// <summary>The calls that make the changes, with what may be written checked.</summary>
    /// <param name="moves">The rows that go to Customer.io; a call names them by their places.</param>
    /// <param name="shape">The columns.</param>
    /// <param name="now">All rows as they are.</param>
    /// <exception cref="SluiceException">A row can't be written (kind Config).</exception>
    public abstract IReadOnlyList<PlannedCall> Calls(IReadOnlyList<RowMove> moves, RowShape shape, IReadOnlyList<JsonObject> now);

    /// <summary>Whether the table's row was changed later than Customer.io's; null when that can't be told.</summary>
    public virtual bool? IsDatabaseNewer(SideRow there, JsonNode? changedHere) => null;

    /// <summary>Keeps what a call replaces as a whole and can't be written back by its journal.</summary>
    public virtual Task KeepAsync(IReadOnlyList<JsonObject> now, string path, CancellationToken cancel) => Task.CompletedTask;

    protected static IReadOnlyList<PlannedCall> Planned(
        string table, IReadOnlyList<RowChange> changes, IReadOnlyDictionary<string, JsonArray>? contents = null) =>
        new CallPlan(TableWritesCatalog.Find(table)!, ResourceCatalog.Default.Find(table)!.PrimaryKey)
        {
            Contents = contents ?? new Dictionary<string, JsonArray>(StringComparer.Ordinal),
        }.Make(changes);
}

/// <summary>A collection, whose rows the API writes as a whole.</summary>
internal sealed class CollectionSide(CustomerIoClient client, string id) : RemoteSide
{
    public override string Target => "collection_rows";

    public override string? Collection => id;

    /// <summary>Finds a collection by its name or id.</summary>
    /// <exception cref="SluiceException">There is none, or several are called so (kind Config).</exception>
    public static async Task<CollectionSide> FindAsync(CustomerIoClient client, TwoWaySettings settings, CancellationToken cancel)
    {
        var named = settings.Collection!;
        var all = await CollectionContent.ListAsync(client, cancel);
        return all.Where(one => one.Id == named || one.Name == named).ToList() switch
        {
            [var (id, _)] => new CollectionSide(client, id),
            [] => throw new SluiceException(
                SluiceErrorKind.Config,
                $"There is no collection '{named}'.",
                Suggestion.For(named, all.Select(one => one.Name))
                    ?? $"Make an empty one, which this command then fills from the table: {settings.MakingCommand}"),
            var several => throw new SluiceException(
                SluiceErrorKind.Config,
                $"Several collections are called '{named}'.",
                $"Name one by its id: {string.Join(", ", several.Select(one => one.Id))}."),
        };
    }

    public override async Task<IReadOnlyList<JsonObject>> ReadAsync(CancellationToken cancel) =>
        [.. (await CollectionContent.ReadAsync(client, id, cancel)).Select(row => JsonNode.Parse(row.Json)!.AsObject())];

    public override Task KeepAsync(IReadOnlyList<JsonObject> now, string path, CancellationToken cancel) =>
        CollectionContent.KeepAsync([.. now.Select(row => CollectionRow.Read(CallBody.Text(row)))], path, cancel);

    public override IReadOnlyList<PlannedCall> Calls(IReadOnlyList<RowMove> moves, RowShape shape, IReadOnlyList<JsonObject> now)
    {
        if (moves.Count == 0)
        {
            return [];
        }

        var written = new Dictionary<object, RowMove>(ReferenceEqualityComparer.Instance);
        foreach (var move in moves.Where(move => move.Target is not null))
        {
            written.Add(move.Target!.Whole, move);
        }

        var rows = new JsonArray();
        foreach (var row in now)
        {
            if (!written.TryGetValue(row, out var move))
            {
                rows.Add(row.DeepClone());
            }
            else if (move.From is not null)
            {
                rows.Add((JsonNode)Merged(move, shape));
            }
        }

        foreach (var move in moves.Where(move => move.Target is null))
        {
            rows.Add((JsonNode)Merged(move, shape));
        }

        return Planned(
            Target,
            [.. moves.Select((move, place) => Change(move, place, shape))],
            new Dictionary<string, JsonArray>(StringComparer.Ordinal) { [id] = rows });
    }

    private RowChange Change(RowMove move, int place, RowShape shape)
    {
        var row = move.From is null ? null : Merged(move, shape);
        return new RowChange(
            row is null ? "delete" : "update", place, Known(move, move.Target?.Whole.DeepClone()), row is null ? null : Known(move, row));
    }

    private JsonObject Known(RowMove move, JsonNode? row) => new() { ["collection_id"] = id, ["row_index"] = move.Name, ["row"] = row };

    // What is the same stays as it is written there, and so does all that the table has no column for.
    private static JsonObject Merged(RowMove move, RowShape shape)
    {
        var row = move.Target is { } target ? (JsonObject)target.Whole.DeepClone() : [];
        foreach (var name in shape.Names)
        {
            var value = move.From!.Formed[name];
            if (JsonNode.DeepEquals(value, move.Target?.Formed[name]))
            {
                continue;
            }

            if (value is null)
            {
                row.Remove(name);
            }
            else
            {
                row[name] = value.DeepClone();
            }
        }

        return row;
    }
}

/// <summary>The snippets of a workspace.</summary>
internal sealed class SnippetSide(CustomerIoClient client) : RemoteSide
{
    public override string Target => "snippets";

    public override async Task<IReadOnlyList<JsonObject>> ReadAsync(CancellationToken cancel)
    {
        var answer = await client.SendAsync(ApiRequest.Get("/v1/snippets"), cancel);
        return [.. JsonNode.Parse(answer.Body.Span)!["snippets"]!.AsArray().Select(one => one!.AsObject())];
    }

    // A new one is made by the call that may be repeated: it writes the text whether the name is there or not.
    public override IReadOnlyList<PlannedCall> Calls(IReadOnlyList<RowMove> moves, RowShape shape, IReadOnlyList<JsonObject> now) => Planned(
        Target,
        [
            .. moves.Select((move, place) => move.From is { } row
                ? new RowChange("update", place, Before(move), (JsonObject)row.Formed.DeepClone())
                : new RowChange("delete", place, Before(move), null)),
        ]);

    // Customer.io counts whole seconds: within the same one nothing is newer.
    public override bool? IsDatabaseNewer(SideRow there, JsonNode? changedHere) =>
        FormedValue.TimeOf(changedHere) is { } here && FormedValue.TimeOf(there.Whole["updated_at"]) is { } changed
            && Math.Abs((here - changed).TotalSeconds) >= 1
            ? changed < here
            : null;

    private static JsonObject Before(RowMove move) => move.Target is { } target
        ? (JsonObject)target.Whole.DeepClone()
        : new JsonObject { ["name"] = move.From!.Formed["name"]!.DeepClone() };
}
