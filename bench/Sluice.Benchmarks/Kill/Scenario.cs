using Sluice.Engine.Catalog;
using Sluice.Simulator;

namespace Sluice.Benchmarks.Kill;

/// <summary>Everything that a seed decides, before anything is started: the same seed is the same scenario on every machine.</summary>
internal sealed record Scenario
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // With what a reader of the whole world can be compared; the metrics are compared with an undisturbed run alone.
    private static readonly string[] Readable =
    [
        "messages", "customer_messages", "customers", "customer_attributes", "campaigns", "campaign_actions", "campaign_messages", "newsletters",
        "segments", "objects", "object_types", "activities", "broadcasts", "broadcast_messages", "newsletter_test_groups", "sender_identities",
        "transactional_messages", "campaign_metrics:days", "newsletter_metrics:weeks", "customer_relationships",
    ];

    private static readonly string[] MildFaults =
    [
        "500@0.03",
        "429@0.02",
        "reset@0.01",
        "cut-body@0.01",
        "duplicate-rows@0.1",
        "502@0.02",
        "slow-body:20ms@0.05",
    ];
    private static readonly string[] Strategies = ["replace", "merge", "append", "delete+insert"];

    public required int Seed { get; init; }

    public required SimulatorOptions World { get; init; }

    /// <summary>What goes wrong while runs are killed; the undisturbed run goes without.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    public required IReadOnlyList<string> Tables { get; init; }

    /// <summary>Null for each table's own.</summary>
    public string? Strategy { get; init; }

    /// <summary>Arguments beside tables, strategy and addresses: the place for options that a kill may meet.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The kills of each part; before every part but the first the world changes.</summary>
    public required IReadOnlyList<IReadOnlyList<KillPoint>> Parts { get; init; }

    public static Scenario Of(int seed)
    {
        var dice = new Random(seed);
        var isSlow = dice.Next(4) == 0;
        var tables = Some(dice, isSlow ? [.. Readable.SkipLast(1)] : Readable, 2 + dice.Next(5));
        var strategy = StrategyFor(dice, tables);
        var parts = dice.Next(3) == 0 ? 2 : 1;
        var options = dice.Next(4) switch { 0 => ["--deletes", "hard"], 1 => ["--keep-spool"], _ => Array.Empty<string>() };
        return new Scenario
        {
            Seed = seed,
            World = new SimulatorOptions
            {
                Seed = seed,
                Customers = 60 + dice.Next(340),
                Messages = 300 + dice.Next(2700),
                RequestsPerSecond = isSlow ? 50 : 0,
                Latency = TimeSpan.FromMilliseconds(dice.Next(21)),
                Now = Now,
                FreezeClock = true,
            },
            Faults = Some(dice, MildFaults, dice.Next(4)),
            Tables = tables,
            Strategy = strategy,
            Options = options,
            Parts = [.. Enumerable.Range(0, parts).Select(part => Kills(dice, first: part == 0 && parts > 1))],
        };
    }

    public override string ToString() =>
        $"seed {Seed}: {string.Join(',', Tables)}, {Strategy ?? "own strategies"}{string.Concat(Options.Select(option => " " + option))}, " +
            $"{World.Customers} people, {World.Messages} messages, "
        + $"{(World.RequestsPerSecond > 0 ? World.RequestsPerSecond + " requests/s" : "no limit")}, {World.Latency.TotalMilliseconds} ms, "
        + $"faults [{string.Join(' ', Faults)}], kills {string.Join(" | ", Parts.Select(part => string.Join(' ', part)))}";

    // The first of two parts may come through unharmed, so that only a later run is hit.
    private static List<KillPoint> Kills(Random dice, bool first) =>
        first && dice.Next(2) == 0 ? [] : [.. Enumerable.Range(0, 1 + Math.Min(dice.Next(6), dice.Next(6))).Select(_ => KillPoint.Of(dice))];

    private static string? StrategyFor(Random dice, IReadOnlyList<string> tables)
    {
        if (dice.Next(2) == 0)
        {
            return null;
        }

        var strategy = Strategies[dice.Next(Strategies.Length)];
        return strategy != "delete+insert" || tables.All(HasRange) ? strategy : null;
    }

    private static bool HasRange(string table) =>
        ResourceCatalog.Default.Find(table.Split(':')[0]) is { } resource && (resource.CursorColumn ?? resource.Window?.Column) is not null;

    private static List<string> Some(Random dice, IReadOnlyList<string> all, int count) =>
        [.. all.Select(one => (One: one, Place: dice.Next())).OrderBy(pair => pair.Place).Take(count).Select(pair => pair.One)];
}
