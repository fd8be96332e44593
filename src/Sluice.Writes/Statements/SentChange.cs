using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>A row that a statement has sent to the Track API, as it can be read back.</summary>
/// <param name="Kind">How it is read back.</param>
/// <param name="Key">The row, by its key.</param>
/// <param name="Row">What was sent.</param>
internal sealed record SentChange(SentKind Kind, string Key, SentRow Row)
{
    /// <summary>The rows of a call; none of one that says itself what became of it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="answer">What Customer.io has answered; null before it was sent.</param>
    public static IEnumerable<SentChange> Of(PlannedCall call, JsonNode? answer = null) =>
        call.Call is Procedure procedure ? SentProcedure.Of(call, procedure, answer)
        : call.Call.Batch is null ? []
        : call.Body?["ids"] is JsonArray ids ? ids.Select((id, place) => Member(call, id!.ToString(), call.Rows[place]))
        : call.Items.Select(item => Item(call, item));

    /// <summary>What several changes of one thing come to: the last one wins, and what only an earlier one has set stays.</summary>
    public static IEnumerable<SentChange> Last(IEnumerable<SentChange> changes) =>
        changes.GroupBy(one => (one.Kind.Person, one.Kind.Route, one.Row.Key(one.Kind.Person == "email")))
            .Select(same => same.Aggregate((earlier, later) =>
                earlier.Kind == later.Kind ? later with { Row = earlier.Row.With(later.Row) } : later));

    private static SentChange Member(PlannedCall call, string person, long row)
    {
        var kind = call.Query.Count > 0 ? call.Query[0].Value : "id";
        return new SentChange(
            new SentKind(OperationOf(call), kind, call.Route[0].Value),
            $"{call.Key}, {kind}={person}",
            new SentRow(0, Place(row), person, null, []));
    }

    private static SentChange Item(PlannedCall call, PlannedItem item)
    {
        var row = SentRow.Of(item.Sent, 0, Place(item.Row));
        return new SentChange(new SentKind(OperationOf(call), SentRow.PersonOf(item.Sent)?.Key ?? "", ""), item.Key, row);
    }

    private static Operation OperationOf(PlannedCall call) =>
        (call.Verb == "delete" ? OperationCatalog.FindRemoval(call.Call.Batch!) : null) ?? OperationCatalog.Find(call.Call.Batch!)!;

    private static BatchItem Place(long row) => new(row, 0, row);
}

/// <summary>How rows are read back.</summary>
/// <param name="Operation">What was sent.</param>
/// <param name="Person">What names people: id, email or cio_id; empty where nobody is named.</param>
/// <param name="Route">The segment; empty where there is none.</param>
internal sealed record SentKind(Operation Operation, string Person, string Route)
{
    public ReadBack ReadBack(CustomerIoClient client) => new(client, Operation, Person, [new("segment_id", Route)]);
}
