using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Engine;

namespace Sluice.Writes.Sync;

/// <summary>What a run would change on both sides: the difference by key of the two sides and the state of the last run.</summary>
internal sealed class SyncPlan
{
    private readonly TwoWaySettings _settings;
    private readonly Func<SideRow, SideRow, bool?> _isDatabaseNewer;

    private SyncPlan(TwoWaySettings settings, Func<SideRow, SideRow, bool?> isDatabaseNewer) =>
        (_settings, _isDatabaseNewer) = (settings, isDatabaseNewer);

    public List<RowMove> Moves { get; } = [];

    public List<RowConflict> Conflicts { get; } = [];

    /// <summary>Rows that are the same on both sides, by key.</summary>
    public Dictionary<string, SideRow> Alike { get; } = new(StringComparer.Ordinal);

    /// <summary>Rows that are gone on one side and stay on the other, because nothing is to be deleted.</summary>
    public List<string> Kept { get; } = [];

    public IEnumerable<RowMove> To(SyncSide side) => Moves.Where(move => move.To == side);

    /// <summary>Makes the plan.</summary>
    /// <param name="settings">What is to be done.</param>
    /// <param name="state">The state of the last run.</param>
    /// <param name="database">The rows of the table.</param>
    /// <param name="customerIo">The rows of Customer.io.</param>
    /// <param name="isDatabaseNewer">Whether the table's row was changed later; null when that can't be told.</param>
    /// <exception cref="SluiceException">More would be deleted than may be (kind Config).</exception>
    public static SyncPlan Make(
        TwoWaySettings settings,
        SyncState state,
        IReadOnlyDictionary<string, SideRow> database,
        IReadOnlyDictionary<string, SideRow> customerIo,
        Func<SideRow, SideRow, bool?> isDatabaseNewer)
    {
        var plan = new SyncPlan(settings, isDatabaseNewer);
        foreach (var key in database.Keys.Concat(customerIo.Keys.Where(key => !database.ContainsKey(key))))
        {
            plan.Add(key, state.Find(key), database.GetValueOrDefault(key), customerIo.GetValueOrDefault(key));
        }

        plan.Guard(state, SyncSide.Database, database.Count, customerIo.Count);
        plan.Guard(state, SyncSide.CustomerIo, customerIo.Count, database.Count);
        return plan;
    }

    private void Add(string key, RowPrints? last, SideRow? here, SideRow? there)
    {
        if (here?.Print == there?.Print)
        {
            Alike.Add(key, here!);
            return;
        }

        var hasHereChanged = last is null ? here is not null : here?.Print != last.Database;
        var hasThereChanged = last is null ? there is not null : there?.Print != last.CustomerIo;
        if (hasHereChanged && hasThereChanged)
        {
            Decide(key, here, there);
        }
        else if (hasHereChanged)
        {
            Move(key, SyncSide.CustomerIo, here, there);
        }
        else if (hasThereChanged)
        {
            Move(key, SyncSide.Database, there, here);
        }
        else
        {
            // One side holds what it was given in another way than the other, such as with fewer digits.
            Alike.Add(key, here!);
        }
    }

    private void Decide(string key, SideRow? here, SideRow? there)
    {
        bool? isHereTaken = _settings.Prefer switch
        {
            Preference.Database => true,
            Preference.CustomerIo => false,
            Preference.Newest when here is not null && there is not null => _isDatabaseNewer(here, there),
            _ => null,
        };
        if (isHereTaken is { } taken)
        {
            Move(key, taken ? SyncSide.CustomerIo : SyncSide.Database, taken ? here : there, taken ? there : here);
            return;
        }

        var why = here is null ? "it is deleted in the database, and changed in Customer.io"
            : there is null ? "it is deleted in Customer.io, and changed in the database"
            : _settings.Prefer == Preference.Newest ? "both have changed it, and nothing tells which change is newer"
            : "both have changed it";
        Conflicts.Add(new RowConflict((here ?? there)!.Name, why, here?.Formed, there?.Formed));
    }

    private void Move(string key, SyncSide to, SideRow? from, SideRow? target)
    {
        if (from is null && !_settings.Deletes)
        {
            Kept.Add(target!.Name);
        }
        else
        {
            Moves.Add(new RowMove(key, (from ?? target)!.Name, to, target, from));
        }
    }

    private void Guard(SyncState state, SyncSide side, int count, int otherCount)
    {
        var deletes = To(side).Count(move => move.From is null);
        if (deletes == 0)
        {
            return;
        }

        var (target, source) = side == SyncSide.Database
            ? (_settings.TableTitle, _settings.TargetTitle)
            : (_settings.TargetTitle, _settings.TableTitle);
        if (otherCount == 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"There are no rows in {source}, and so all {count} of {target} would be deleted. Nothing was changed."),
                "Bring rows back; if they are to go, delete those of the other side as well.");
        }

        var last = state.Rows.Count;
        if (deletes > _settings.MostDeletes.Of(last))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{deletes} of {last} rows of {target} would be deleted, more than {_settings.MostDeletes}. Nothing was changed."),
                string.Create(CultureInfo.InvariantCulture, $"If they are to go, say max_deletes: {deletes} for {_settings.Name}."));
        }
    }
}

/// <summary>One of the two sides.</summary>
public enum SyncSide
{
    /// <summary>The table.</summary>
    Database,

    /// <summary>The collection, or the snippets.</summary>
    CustomerIo,
}

/// <summary>A row that goes from one side to the other.</summary>
/// <param name="Key">What pairs it.</param>
/// <param name="Name">The row, for messages.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Target">The row that is there; null for none.</param>
/// <param name="From">The row as it becomes; null when it is deleted.</param>
internal sealed record RowMove(string Key, string Name, SyncSide To, SideRow? Target, SideRow? From)
{
    public string Verb => Target is null ? "insert" : From is null ? "delete" : "update";
}

/// <summary>A row that both sides have changed.</summary>
/// <param name="Name">The row.</param>
/// <param name="Reason">What is in the way.</param>
/// <param name="InDatabase">The row of the table; null when it is deleted.</param>
/// <param name="InCustomerIo">The row of Customer.io; null when it is deleted.</param>
public sealed record RowConflict(string Name, string Reason, JsonObject? InDatabase, JsonObject? InCustomerIo);
