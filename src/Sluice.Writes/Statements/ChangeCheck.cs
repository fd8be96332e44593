using Sluice.CustomerIo;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>
/// Reads back what a statement has changed by the Track API, which answers when a change is queued, and drops some of them later without a word.
/// </summary>
public sealed class ChangeCheck
{
    private readonly CustomerIoClient _client;
    private readonly CallSettings _settings;
    private readonly Settling _settling;

    internal ChangeCheck(CustomerIoClient client, CallSettings settings, TimeProvider time) =>
        (_client, _settings, _settling) = (client, settings, new Settling(settings.VerifyPatience, time, _ => { }));

    /// <summary>How many requests it takes at least to read changes back.</summary>
    /// <param name="calls">The calls of a statement.</param>
    /// <param name="mode">How many changes are read back.</param>
    public static long Requests(IReadOnlyList<PlannedCall> calls, VerifyMode mode) =>
        Groups(calls.SelectMany(call => SentChange.Of(call)), mode).Sum(group => ReadBack.Requests(group.Kind.Operation, group.Changes.Count));

    internal async Task<ChangeVerification?> RunAsync(IReadOnlyList<CallOutcome> outcomes, CancellationToken cancel)
    {
        var groups = Groups(
            outcomes.Where(one => one.State == CallState.Done).SelectMany(one => SentChange.Of(one.Call, one.Answer)), _settings.Verify);
        var chosen = groups.SelectMany(group => group.Changes).ToList();
        if (chosen.Count == 0)
        {
            return null;
        }

        await _settling.TryAsync(() => _settling.SettleAsync(stop => CompareAsync(groups, stop), cancel));
        var keys = chosen.ToDictionary(one => one.Row, one => one.Key);
        var late = _settling.Different.Where(one => one.Reason == ReadBack.NotKnownYet).Select(one => keys[one.Row]).ToList();
        return new ChangeVerification
        {
            IsSample = _settings.Verify == VerifyMode.Sample,
            Rows = chosen.Count,
            Different =
            [
                .. _settling.Different.Where(one => one.Reason != ReadBack.NotKnownYet)
                    .Select(one => new NotAsSent(keys[one.Row], one.Attribute, one.Reason)),
            ],
            Waited = _settling.Waited,
            Problem = _settling.Problem ?? (late.Count == 0 ? null : $"{string.Join(", ", late)} {ReadBack.NotKnownYet}."),
        };
    }

    private async Task<IReadOnlyList<Difference>> CompareAsync(IReadOnlyList<SentGroup> groups, CancellationToken cancel)
    {
        var different = new List<Difference>();
        foreach (var (kind, changes) in groups)
        {
            var readBack = kind.ReadBack(_client);
            foreach (var part in changes.Select(one => one.Row).Chunk(readBack.RowsAtOnce))
            {
                different.AddRange(await readBack.CompareAsync(part, cancel));
            }
        }

        return different;
    }

    /// <summary>Why calls of a procedure are not read back; null where they are, or nothing is.</summary>
    /// <param name="calls">The calls of a statement.</param>
    /// <param name="mode">How many changes are read back.</param>
    public static string? NotReadBack(IReadOnlyList<PlannedCall> calls, VerifyMode mode)
    {
        ArgumentNullException.ThrowIfNull(calls);
        return mode == VerifyMode.None || calls is not [{ Call: Procedure procedure } call] ? null
            : procedure.NotReadBack is { } why ? $"{procedure.Name} is not read back: {why}."
            : !SentChange.Of(call).Any() ? $"{procedure.Name} is not read back: what is sent later, or held as a draft, is no message yet."
            : null;
    }

    private static IReadOnlyList<SentGroup> Groups(IEnumerable<SentChange> changes, VerifyMode mode) =>
    [
        .. SentChange.Last(changes).GroupBy(one => one.Kind)
            .Select(group => new SentGroup(group.Key, [.. Chosen([.. group], mode, ReadBack.SampleOf(group.Key.Operation))])),
    ];

    private static IEnumerable<SentChange> Chosen(IReadOnlyList<SentChange> changes, VerifyMode mode, int sample)
    {
        var step = Math.Max(1, (changes.Count + sample - 1) / sample);
        return mode switch
        {
            VerifyMode.None => [],
            VerifyMode.All => changes,
            _ => changes.Where((_, place) => place % step == step / 2),
        };
    }

    private sealed record SentGroup(SentKind Kind, IReadOnlyList<SentChange> Changes);
}

/// <summary>What reading changes back has shown.</summary>
public sealed record ChangeVerification
{
    /// <summary>Whether only some of them were compared.</summary>
    public bool IsSample { get; init; }

    /// <summary>Rows that were compared.</summary>
    public int Rows { get; init; }

    /// <summary>What is not as it was sent.</summary>
    public IReadOnlyList<NotAsSent> Different { get; init; } = [];

    /// <summary>How long Customer.io's queue was waited for.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>Why changes could not be read back, or not all of them; null when they were.</summary>
    public string? Problem { get; init; }
}

/// <summary>Something of a row that is not as it was sent.</summary>
/// <param name="Key">The row, by its key.</param>
/// <param name="Attribute">The attribute; empty when the person, object or relationship is not there, or still is.</param>
/// <param name="Reason">What is there instead, which may be personal data.</param>
public sealed record NotAsSent(string Key, string Attribute, string Reason)
{
    /// <summary>What it is, without values, which are personal data.</summary>
    public string Text => $"{Key}: {(Attribute.Length == 0 ? Reason : $"{Attribute} is not what was sent")}";
}
