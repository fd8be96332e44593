using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;

namespace Sluice.Settings;

/// <summary>
/// What was said about an ingest, read: all that a table's job is made of. What a sync says is read once, and what a table says for itself is laid
/// over that.
/// </summary>
internal sealed record JobDraft
{
    /// <summary>What holds for the whole run; its tables are not known yet.</summary>
    public IngestRequest Request { get; init; } = new() { Tables = [], PairId = "" };

    /// <summary>How the table is read and written; without the masks, whose salt may come later.</summary>
    public TableSettings Settings { get; init; } = new();

    public IReadOnlyList<Mask> Masks { get; init; } = [];

    public MaskSalt? Salt { get; init; }

    public IReadOnlyList<TableName> Tables { get; init; } = TableList.Read(null, new ValidationErrors());

    public LoadMode Mode { get; init; } = new(null);

    public string Prefix { get; init; } = "";

    public string? Schema { get; init; }

    public string? Table { get; init; }

    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    public string? IncrementalKey { get; init; }

    public string? Where { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Options { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    public ColumnChoice Columns { get; init; } = ColumnChoice.All;

    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<string> Flatten { get; init; } = [];

    public bool IsArchive { get; init; }

    public bool KeepsVersions { get; init; }

    public bool Observes { get; init; } = true;

    /// <summary>The zone of the days of metrics, as it was written; null for the tables' own.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The columns and fields that were named and must be there.</summary>
    public IReadOnlyList<GivenName> Names { get; init; } = [];

    public JobDraft Naming(IEnumerable<GivenName> names) => this with { Names = [.. Names, .. names] };

    public JobDraft Set(Func<TableSettings, TableSettings> change) => this with { Settings = change(Settings) };

    public JobDraft Run(Func<IngestRequest, IngestRequest> change) => this with { Request = change(Request) };

    /// <summary>Lays words over what was said before, and notes what is wrong with them by themselves and together.</summary>
    public JobDraft With(SettingWords words, ValidationErrors mistakes)
    {
        var draft = IngestSettings.All.OfType<Setting<JobDraft>>().Aggregate(this, (draft, setting) => setting.ApplyTo(draft, words, mistakes));
        if (words.Has(IngestSettings.LookBack) && words.Has(IngestSettings.CutoffDays))
        {
            mistakes.Add(
                IngestSettings.LookBack, $"{IngestSettings.LookBack} and {IngestSettings.CutoffDays} say the same thing: give one of them.");
        }

        var end = words.Has(IngestSettings.IntervalStart) ? IngestSettings.IntervalStart : IngestSettings.IntervalEnd;
        if (words.Has(end) && draft.Settings.Interval is { Start: { } from, End: { } to } && from > to)
        {
            mistakes.Add(
                end,
                $"The interval starts at {from:yyyy-MM-dd HH:mm:ss}Z, after its end at {to:yyyy-MM-dd HH:mm:ss}Z.",
                $"Exchange {IngestSettings.IntervalStart} and {IngestSettings.IntervalEnd}.");
        }

        return draft;
    }

    /// <summary>The masks with their salt.</summary>
    public MaskSet MaskSet => Masks.Count == 0 ? MaskSet.None : new MaskSet(Masks, Salt);

    /// <summary>Whether everything is read and replaced.</summary>
    public bool IsFullRefresh => Settings.FullRefresh || Mode.IsAnew;
}

/// <summary>What is done with rows that are there: a strategy, or what connectors call a load type.</summary>
/// <param name="Strategy">The strategy, or null for the table's own.</param>
/// <param name="IsIncremental">Whether to merge where rows have a key.</param>
/// <param name="IsAnew">Whether to read everything and let it take the place of what is there, so that no key is needed.</param>
internal sealed record LoadMode(Strategy? Strategy, bool IsIncremental = false, bool IsAnew = false)
{
    /// <summary>The words for strategies.</summary>
    public static IReadOnlyDictionary<string, LoadMode> Strategies { get; } = new Dictionary<string, LoadMode>(StringComparer.OrdinalIgnoreCase)
    {
        ["replace"] = new(Engine.Catalog.Strategy.Replace),
        ["merge"] = new(Engine.Catalog.Strategy.Merge),
        ["append"] = new(Engine.Catalog.Strategy.Append),
        ["delete+insert"] = new(Engine.Catalog.Strategy.DeleteInsert),
    };

    /// <summary>The words of the pipeline file.</summary>
    public static IReadOnlyDictionary<string, LoadMode> Words { get; } = new Dictionary<string, LoadMode>(StringComparer.OrdinalIgnoreCase)
    {
        ["full_refresh"] = new(null, IsAnew: true),
        ["incremental"] = new(null, IsIncremental: true),
        ["replace"] = Strategies["replace"],
        ["merge"] = Strategies["merge"],
        ["append"] = Strategies["append"],
        ["delete+insert"] = Strategies["delete+insert"],
    };
}

/// <summary>Reads how far an incremental run looks back.</summary>
internal static class LookBackText
{
    public const int MostDays = 180;

    public static JobDraft Apply(JobDraft draft, Said said)
    {
        var back = DurationText.Read(said.Key, said.Text, said.Mistakes);
        if (back is { TotalDays: > MostDays })
        {
            said.Refuse(
                $"A look-back of {back.Value.TotalDays:0.#} days is longer than {MostDays}.",
                "Customer.io changes no delivery after six months: 180d reads all that can change.");
        }

        return back is null ? draft : draft.Set(settings => settings with { LookBack = back });
    }
}
