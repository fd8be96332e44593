using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>
/// Reads people back whom a statement has changed: Customer.io answers when a change is queued, and drops some of them later without a word.
/// </summary>
public sealed class PeopleCheck
{
    private const int PeopleOfSample = 200;

    private readonly CustomerIoClient _client;
    private readonly CallSettings _settings;
    private readonly Settling _settling;

    internal PeopleCheck(CustomerIoClient client, CallSettings settings, TimeProvider time) =>
        (_client, _settings, _settling) = (client, settings, new Settling(settings.VerifyPatience, time, _ => { }));

    /// <summary>How many requests it takes at least to read people back.</summary>
    /// <param name="calls">The calls of a statement.</param>
    /// <param name="mode">How many people are read back.</param>
    public static long Requests(IReadOnlyList<PlannedCall> calls, VerifyMode mode) =>
        Groups([.. Chosen([.. calls.SelectMany(Sent)], mode)]).Sum(group => ReadBack.Requests(group.Operation, group.Rows.Count));

    internal async Task<PeopleVerification?> RunAsync(IReadOnlyList<CallOutcome> outcomes, CancellationToken cancel)
    {
        var people = outcomes.Where(one => one.State == CallState.Done).SelectMany(one => Sent(one.Call)).ToList();
        var chosen = Chosen(people, _settings.Verify).ToList();
        if (chosen.Count == 0)
        {
            return null;
        }

        var groups = Groups(chosen);
        await _settling.TryAsync(() => _settling.SettleAsync(stop => CompareAsync(groups, stop), cancel));
        var keys = chosen.ToDictionary(one => one.Row, one => one.Item.Key);
        return new PeopleVerification
        {
            IsSample = _settings.Verify == VerifyMode.Sample,
            Rows = chosen.Count,
            Different = [.. _settling.Different.Select(one => new NotAsSent(keys[one.Row], one.Attribute, one.Reason))],
            Waited = _settling.Waited,
            Problem = _settling.Problem,
        };
    }

    private async Task<IReadOnlyList<Difference>> CompareAsync(IReadOnlyList<PeopleGroup> groups, CancellationToken cancel)
    {
        var different = new List<Difference>();
        foreach (var group in groups)
        {
            var readBack = new ReadBack(_client, group.Operation, group.Kind, []);
            foreach (var part in group.Rows.Chunk(readBack.RowsAtOnce))
            {
                different.AddRange(await readBack.CompareAsync(part, cancel));
            }
        }

        return different;
    }

    // Of several changes of one person the last one wins. Objects are not read back: that takes a request for each.
    private static IEnumerable<SentPerson> Sent(PlannedCall call) => call.Items.Where(_ => call.Call.Batch is "people" or "deletes").Select(item =>
    {
        var (kind, name) = item.Sent["identifiers"]!.AsObject().First();
        var row = new SentRow(0, new BatchItem(item.Row, 0, item.Row), name!.ToString(), null, item.Sent["attributes"] as JsonObject ?? []);
        return new SentPerson(OperationCatalog.Find(call.Call.Batch!)!, kind, item, row);
    });

    private static IEnumerable<SentPerson> Chosen(IReadOnlyList<SentPerson> people, VerifyMode mode)
    {
        var last = people.GroupBy(one => (one.Kind, one.Row.Person)).Select(one => one.Last()).ToList();
        var step = Math.Max(1, (last.Count + PeopleOfSample - 1) / PeopleOfSample);
        return mode switch
        {
            VerifyMode.None => [],
            VerifyMode.All => last,
            _ => last.Where((_, place) => place % step == step / 2),
        };
    }

    private static IReadOnlyList<PeopleGroup> Groups(IReadOnlyList<SentPerson> people) =>
    [
        .. people.GroupBy(one => (one.Operation, one.Kind))
            .Select(group => new PeopleGroup(group.Key.Operation, group.Key.Kind, [.. group.Select(one => one.Row)])),
    ];

    private sealed record SentPerson(Operation Operation, string Kind, PlannedItem Item, SentRow Row);

    private sealed record PeopleGroup(Operation Operation, string Kind, IReadOnlyList<SentRow> Rows);
}

/// <summary>What reading people back has shown.</summary>
public sealed record PeopleVerification
{
    /// <summary>Whether only some of them were compared.</summary>
    public bool IsSample { get; init; }

    /// <summary>People who were compared.</summary>
    public int Rows { get; init; }

    /// <summary>What is not as it was sent.</summary>
    public IReadOnlyList<NotAsSent> Different { get; init; } = [];

    /// <summary>How long Customer.io's queue was waited for.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>Why people could not be read back, or not all of them; null when they were.</summary>
    public string? Problem { get; init; }
}

/// <summary>Something of a person that is not as it was sent.</summary>
/// <param name="Key">The row, by its key.</param>
/// <param name="Attribute">The attribute; empty when the person is not there, or still is.</param>
/// <param name="Reason">What is there instead, which may be personal data.</param>
public sealed record NotAsSent(string Key, string Attribute, string Reason);
