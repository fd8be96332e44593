using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Merge;

/// <summary>A column of a table that rows can't be brought into as it is.</summary>
/// <param name="Column">The column.</param>
/// <param name="Why">What is in the way, such as "is NOT NULL".</param>
/// <param name="Remedy">The statement that helps; null when the database has none.</param>
internal sealed record Misfit(string Column, string Why, string? Remedy);

/// <summary>Something of the user's that hangs on a table.</summary>
/// <param name="What">What it is, such as "the view crm.shown".</param>
/// <param name="Removal">The statement that removes it.</param>
internal sealed record Dependent(string What, string Removal);

/// <summary>Whether a table that another program has made, or that somebody has changed, takes the rows; and what helps when it does not.</summary>
internal sealed class TableFit(DbSession session, LoadTarget target)
{
    private const int MostNamed = 10;
    private readonly SqlDialect _dialect = session.Dialect;

    private string Name => $"{target.Schema}.{target.Table}";

    /// <summary>Fails when the name is that of something else than a table, or the table's columns don't fit.</summary>
    public async Task RequireAsync(OrderedDictionary<string, ColumnType> live, IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        if (await _dialect.TakenByAsync(session, target.Schema, target.Table, cancel) is { } other)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{Name} is the name of {other.What}, and Sluice writes into tables.",
                $"Name another table with --dest-table, or remove it with: {other.Removal}");
        }

        var isReplaced = target.Strategy == Strategy.Replace;
        if (live.Count == 0 || (isReplaced && !await _dialect.MustStayAsync(session, target.Schema, target.Table, cancel)))
        {
            return;
        }

        var wanted = new OrderedDictionary<string, ColumnType>(
            columns.Select(column => KeyValuePair.Create(column.Name, SqlType.Parse(SqlType.Of(column.Type)))), StringComparer.OrdinalIgnoreCase);
        var misfits = await MisfitsAsync(wanted, cancel);
        if (misfits.Count > 0 && !target.StartsOver)
        {
            throw Refusal(misfits);
        }

        if (misfits.Count > 0 && await _dialect.DependentsAsync(session, target.Schema, target.Table, cancel) is { Count: > 0 } dependents)
        {
            throw Kept(misfits, dependents);
        }
    }

    /// <summary>The columns of the table that are in the way of rows with the wanted ones.</summary>
    public async Task<IReadOnlyList<Misfit>> MisfitsAsync(OrderedDictionary<string, ColumnType> wanted, CancellationToken cancel)
    {
        var demands = await _dialect.DemandsAsync(
            session,
            target.Schema,
            target.Table,
            column => wanted.ContainsKey(column) || SystemColumns.IsOwn(column),
            cancel);
        var foreign = await _dialect.ForeignTypesAsync(session, target.Schema, target.Table, cancel);
        var misfits = demands.ToList();
        foreach (var (column, type) in wanted.Where(column => column.Value != ColumnType.Text && foreign.ContainsKey(column.Key)))
        {
            var owners = await _dialect.OwnersAsync(session, target.Schema, target.Table, column, cancel);
            var changes = owners.Select(owner => _dialect.ChangeType(owner.Schema, owner.Table, column, foreign[column], type)).ToList();
            misfits.Add(new Misfit(
                column,
                $"is {foreign[column]} and would have to be {_dialect.Type(type)}",
                changes.Count == 0 || changes.Contains(null) ? null : string.Join(' ', changes)));
        }

        return misfits;
    }

    /// <summary>The error that names the columns and what helps.</summary>
    public SluiceException Refusal(IReadOnlyList<Misfit> misfits)
    {
        var remedies = misfits.Select(misfit => misfit.Remedy).ToList();
        return new SluiceException(
            SluiceErrorKind.Destination,
            $"{Name} does not take the rows as it is: {Named(misfits)}. Nothing was changed.",
            (remedies.Contains(null) ? "Replace" : $"Change it with: {string.Join(' ', remedies)} Or replace")
                + " the table with --full-refresh, or name another one with --dest-table.");
    }

    private SluiceException Kept(IReadOnlyList<Misfit> misfits, IReadOnlyList<Dependent> dependents) => new(
        SluiceErrorKind.Destination,
        $"{Name} must be replaced, for {Named(misfits)}; but it is needed by {string.Join(", ", dependents.Select(one => one.What))}. " +
            "Nothing was changed.",
        $"Remove what depends on it, and make it again afterwards: {string.Join(' ', dependents.Select(one => one.Removal))}");

    private static string Named(IReadOnlyList<Misfit> misfits) =>
        string.Join("; ", misfits.Take(MostNamed).Select(misfit => $"{misfit.Column} {misfit.Why}"))
        + (misfits.Count > MostNamed ? $"; and {misfits.Count - MostNamed} more" : "");
}
