using System.Globalization;

namespace Sluice.Engine.Audit;

/// <summary>A merge join of two tables in key order, with one row of each in memory.</summary>
internal sealed class TableComparison(OrderedRows theirs, OrderedRows ours)
{
    private const int MostExamples = 5;
    private const string Mark = "_sluice_deleted_at";
    private readonly bool _marks = ours.Columns.Contains(Mark, StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<string> _columns =
    [
        .. theirs
            .Columns.Intersect(ours.Columns, StringComparer.OrdinalIgnoreCase)
            .Where(column => !column.StartsWith("_sluice_", StringComparison.Ordinal)),
    ];
    private readonly List<string> _examples = [];
    private long _theirs;
    private long _ours;
    private long _missing;
    private long _extra;
    private long _stale;

    /// <summary>The interval of a column in which rows are compared: Customer.io may no longer have older ones.</summary>
    public (string Column, DateTimeOffset From, DateTimeOffset? To)? Only { get; init; }

    public async Task<AuditedTable> RunAsync(AuditedTable table, CancellationToken cancel)
    {
        await NextAsync(theirs, cancel);
        await NextAsync(ours, cancel);
        while (theirs.Key is not null || ours.Key is not null)
        {
            await StepAsync(cancel);
        }

        return table with { AtCustomerIo = _theirs, InTable = _ours, Missing = _missing, Extra = _extra, Stale = _stale, Examples = _examples };
    }

    private async Task StepAsync(CancellationToken cancel)
    {
        var order = theirs.Key is null ? 1 : ours.Key is null ? -1 : KeyOrder.Compare(theirs.Key, ours.Key);
        var isMarked = order >= 0 && _marks && ours.Value(Mark) is not null;
        _theirs += order <= 0 ? 1 : 0;
        _ours += order >= 0 && !isMarked ? 1 : 0;
        if (order < 0)
        {
            Note(ref _missing, theirs.Key!, "missing");
        }
        else if (order > 0 && !isMarked)
        {
            Note(ref _extra, ours.Key!, "extra: Customer.io does not have it");
        }
        else if (order == 0)
        {
            Compare(isMarked);
        }

        await (order <= 0 ? NextAsync(theirs, cancel) : Task.CompletedTask);
        await (order >= 0 ? NextAsync(ours, cancel) : Task.CompletedTask);
    }

    private void Compare(bool isMarked)
    {
        if (isMarked)
        {
            Note(ref _missing, theirs.Key!, "marked as deleted, but Customer.io has it");
        }
        else if (_columns.Where(column => !IsSame(column, theirs.Value(column), ours.Value(column))).ToList() is { Count: > 0 } columns)
        {
            Note(ref _stale, theirs.Key!, $"stale: {string.Join(", ", columns.Take(4))}");
        }
    }

    private bool IsSame(string column, object? left, object? right) =>
        Equals(left, right) || (theirs.IsJson(column) && left is string one && right is string other && JsonEquality.IsSame(one, other));

    // Without the values: a report is shown and stored where personal data does not belong.
    private void Note(ref long count, object?[] key, string what)
    {
        count++;
        if (_examples.Count < MostExamples)
        {
            _examples.Add($"{string.Join('/', key.Select(part => Convert.ToString(part, CultureInfo.InvariantCulture)))}: {what}");
        }
    }

    private async Task NextAsync(OrderedRows rows, CancellationToken cancel)
    {
        while (await rows.MoveAsync(cancel) && IsOutside(rows))
        {
        }
    }

    private bool IsOutside(OrderedRows rows) =>
        Only is var (column, from, to) && rows.Value(column) is DateTimeOffset time && (time < from || time > to);
}
