using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Writes.Sync;

/// <summary>The rows of both sides as they were read, paired by key.</summary>
internal sealed class TwoSides
{
    // Rows of a table of the wrong name would fill the memory, and no collection of 10 MB holds so many.
    private const int MostRows = 500_000;

    private readonly TwoWaySettings _settings;
    private readonly RemoteSide _remote;

    private TwoSides(TwoWaySettings settings, RemoteSide remote, RowShape shape, IReadOnlyList<JsonObject> here, IReadOnlyList<JsonObject> there)
    {
        (_settings, _remote, Shape, CustomerIoRows) = (settings, remote, shape, there);
        Database = shape.Paired(settings.TableTitle, here);
        CustomerIo = shape.Paired(settings.TargetTitle, there);
    }

    public RowShape Shape { get; }

    public IReadOnlyDictionary<string, SideRow> Database { get; }

    public IReadOnlyDictionary<string, SideRow> CustomerIo { get; }

    public IReadOnlyList<JsonObject> CustomerIoRows { get; }

    /// <summary>Reads both.</summary>
    /// <exception cref="SluiceException">A side can't be read, has no such columns, or rows without a key.</exception>
    public static async Task<TwoSides> ReadAsync(TwoWaySettings settings, RemoteSide remote, CancellationToken cancel)
    {
        var there = await remote.ReadAsync(cancel);
        await using var table = await settings.OpenAsync(false, cancel);
        var shape = ShapeOf.Make(settings, table, there);
        return new TwoSides(settings, remote, shape, await HereAsync(settings, shape, table, cancel), there);
    }

    /// <summary>Reads the table's rows with what tells when they were changed.</summary>
    public static Task<IReadOnlyList<JsonObject>> HereAsync(
        TwoWaySettings settings, RowShape shape, IEditableTable table, CancellationToken cancel) =>
        table.ReadAsync(
            [.. shape.Names.Concat(settings.ChangedAt is { } at ? [at] : []).Distinct(StringComparer.Ordinal)], MostRows, cancel);

    public SyncPlan Plan(SyncState state) => SyncPlan.Make(
        _settings,
        state,
        Database,
        CustomerIo,
        (here, there) => _settings.ChangedAt is { } at ? _remote.IsDatabaseNewer(there, here.Whole[at]) : null);

    /// <summary>Whether Customer.io's rows are still those that were read.</summary>
    public bool IsSame(IReadOnlyList<JsonObject> there) =>
        there.Count == CustomerIoRows.Count && there.Zip(CustomerIoRows).All(pair => JsonNode.DeepEquals(pair.First, pair.Second));

    /// <summary>Whether the table's rows are.</summary>
    public bool IsSame(IReadOnlyDictionary<string, SideRow> here) =>
        here.Count == Database.Count && here.All(row => Database.GetValueOrDefault(row.Key)?.Print == row.Value.Print);
}
