using System.Text.Json.Nodes;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>People into segments and out of them: up to 1,000 in a call.</summary>
internal static class MemberCalls
{
    /// <summary>People in a call at most (Customer.io Track API reference).</summary>
    public const int MostInCall = 1000;

    // The one that never changes goes first.
    private static readonly string[] Kinds = ["cio_id", "id", "email"];

    public static IEnumerable<PlannedCall> Make(CallPlan plan, IReadOnlyList<RowChange> changes)
    {
        var members = changes.Select(change => Member(plan, change)).OfType<Member>().ToList();
        foreach (var group in members.GroupBy(one => (one.Change.Verb, Segment: one.Change.Text("segment_id"), one.Kind)))
        {
            foreach (var chunk in group.Chunk(MostInCall))
            {
                yield return Call(plan, group.Key.Kind, chunk);
            }
        }
    }

    private static Member? Member(CallPlan plan, RowChange change)
    {
        if (plan.Call(change) is not { } call || !plan.MayWrite(change))
        {
            return null;
        }

        var kind = change.Verb == "delete" ? "id" : Kinds.FirstOrDefault(one => change.Text(one) is not null);
        var person = kind is null ? null : change.Text(kind);
        if (change.Text("segment_id") is null || person is null)
        {
            plan.Problem(
                change,
                change.Verb == "delete"
                    ? "the person has no id, and Customer.io removes people from a segment by nothing else"
                    : "segment_id and one of cio_id, id and email are needed");
            return null;
        }

        if (WriteRules.Identifier(kind!, person) is { } problem)
        {
            plan.Problem(change, $"{kind} {problem}");
        }

        return new Member(change, call, kind!, person);
    }

    private static PlannedCall Call(CallPlan plan, string kind, Member[] people)
    {
        var (change, call) = (people[0].Change, people[0].Call);
        return new PlannedCall
        {
            Call = call,
            Verb = change.Verb,
            Key = $"segment_id={change.Text("segment_id")}",
            Route = CallPlan.RouteOf(call, change),
            Query = change.Verb == "insert" ? [new("id_type", kind)] : [],
            Body = new JsonObject { ["ids"] = new JsonArray([.. people.Select(one => JsonValue.Create(one.Person))]) },
            Changes = [.. people.Select(one => change.Verb == "insert"
                ? new ValueChange(kind, null, JsonValue.Create(one.Person))
                : new ValueChange(kind, JsonValue.Create(one.Person), null))],
            IsRepeatable = call.IsRepeatable,
            Rows = [.. people.Select(one => one.Change.Row)],
        };
    }
}

/// <summary>A person who comes into a segment or leaves it.</summary>
internal sealed record Member(RowChange Change, WriteCall Call, string Kind, string Person);
