using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines.Shapes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads the tables of a sync: what the sync says for all, and what each says for itself laid over that.</summary>
internal sealed class TableReader
{
    private readonly Section _sync;
    private readonly PipelineErrors _mistakes;

    public TableReader(PipelineContext around, Section sync, PipelineErrors mistakes)
    {
        (_sync, _mistakes) = (sync, mistakes);
        var words = TableWords.Of(sync, PipelineKeys.Sync);
        if (!sync.Has(IngestSettings.MaskSalt.InFile) && around.Variables(IngestSettings.MaskSalt.OnCommandLine) is { Length: > 0 } salt)
        {
            words.Say(IngestSettings.MaskSalt, salt);
        }

        var found = new ValidationErrors();
        Shared = new JobDraft().Run(request => request with { WorkFolder = around.WorkFolder }).With(words, found);
        mistakes.Take(found, error => sync.PlaceOf(error) ?? sync.Place);
    }

    /// <summary>What the sync says for all of its tables.</summary>
    public JobDraft Shared { get; }

    /// <summary>What is to be known of the choice of tables, once they are read.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>The names in what the sync and its tables say that the catalog does not know, once the tables are read.</summary>
    public IReadOnlyList<NamedColumn> NamedColumns { get; private set; } = [];

    /// <summary>Reads all tables, whose names have no prefixes yet.</summary>
    public IReadOnlyList<ReadTable> ReadAll()
    {
        var tables = Entries().Select(Read).ToList();

        // A mask of the sync is told once for all tables, for it would be refused for nearly each of them.
        var found = new ValidationErrors();
        MaskCheck.Look(tables.Select(table => table.Job), Shared.Masks, found);
        _mistakes.Take(found, error => _sync.PlaceOf(error) ?? _sync.Place);
        NamedColumns =
        [
            .. ColumnNames.Unknown(Shared.Names, [.. tables.Select(table => table.Job)], name => SettingOf(name, _sync)),
            .. tables.SelectMany(table =>
                ColumnNames.Unknown(table.Draft.Names.Except(Shared.Names), [table.Job], name => SettingOf(name, table.Own))),
        ];
        return [.. tables.Select(Renamed)];
    }

    private ReadTable Read((TableName Name, Section Own, Place Place) entry)
    {
        TableWords.Check(entry.Own, _mistakes);
        var found = new ValidationErrors();
        var draft = Shared.With(TableWords.Of(entry.Own, PipelineKeys.Table), found);
        var job = JobReader.Read(entry.Name, draft, found);
        MaskCheck.Look([job], draft.Masks.Except(Shared.Masks), found);
        Take(found, entry.Own, entry.Place);
        return new ReadTable(job with { Settings = job.Settings with { IsOwn = IsOwn(entry.Own) } }, draft, entry.Own, entry.Place)
        {
            IsPlaceKnown = !IsUnknown(_sync, "table_prefix", "schema") && !IsUnknown(entry.Own, "as", "schema"),
        };
    }

    // Last, because masks and keys go by the catalog's names.
    private ReadTable Renamed(ReadTable table)
    {
        var found = new ValidationErrors();
        var job = Renaming.Apply(table.Job, table.Draft.Renames, found);
        Take(found, table.Own, table.Place);
        return table with { Job = job };
    }

    private void Take(ValidationErrors found, Section own, Place place) =>
        _mistakes.Take(found, error => own.PlaceOf(error) ?? _sync.PlaceOf(error) ?? place);

    // Of members of an object that users fill themselves the catalog can't know anything.
    private string SettingOf(GivenName name, Section section)
    {
        var place = section.PlaceOf(new SettingError(name.Key, name.Name, "", null)) ?? section.Place;
        if (name.Kind != NameKind.Member && !name.Name.Contains('.', StringComparison.Ordinal))
        {
            _mistakes.Doubt(
                place,
                $"{name.Key.InFile} names {name.Name}, which the catalog does not have.",
                $"A run stops unless the destination has it. Write {name.Name}? if records may lack it.");
        }

        return $"{_mistakes.Name(place)}: {name.Key.InFile}";
    }

    private static bool IsOwn(Section own) => PipelineKeys.Table.Any(setting => setting.Scope.HasFlag(SettingScope.Pages) && own.Has(setting.Name));

    private static bool IsUnknown(Section section, params IEnumerable<string> keys) => keys.Any(section.IsUnknown);

    private IEnumerable<(TableName Name, Section Own, Place Place)> Entries()
    {
        var named = new List<(TableName Name, Section Own, Place Place)>();
        var groups = new List<(string Word, Place Place)>();
        YamlValue? all = _sync.Has("tables") ? _sync.Value("tables") : new YamlText(_sync.Place, TableList.Default, isPlain: true);
        var items = all switch { YamlList list => list.Items, { } one => [one], _ => [] };
        foreach (var item in items.Where(item => !item.IsWrong))
        {
            if (item is YamlText { Value: { } word } && TableShape.Groups.Contains(word, StringComparer.Ordinal))
            {
                groups.Add((word, item.Place));
            }
            else if (item is YamlText { Value: { } name } && TableName.TryParse(name, ResourceCatalog.Default, out var table, out _))
            {
                named.Add((table, Section.None, item.Place));
            }
            else if (
                item is YamlMap { Entries: [{ Value: YamlMap own } entry] }
                && TableName.TryParse(entry.Name, ResourceCatalog.Default, out var full, out _))
            {
                named.Add((full, new Section(own), item.Place));
            }
        }

        // A table that is named with settings of its own is not read a second time because it belongs to "all".
        var grouped = groups.SelectMany(group => TableList.Read(group.Word, new ValidationErrors()));
        Notes = TableOverlap.Notes(
            [.. named.Select(one => one.Name).Concat(grouped).Distinct()], TableList.NamesAll(groups.Select(group => group.Word)));
        foreach (var (word, place) in groups)
        {
            var group = TableList.Read(word, new ValidationErrors()).Where(name => !named.Exists(one => one.Name == name)).ToList();
            named.AddRange(group.Select(name => (name, Section.None, place)));
        }

        return named;
    }
}

/// <summary>A table as its entry in the list says it, before the prefixes of its sync.</summary>
/// <param name="Job">The table.</param>
/// <param name="Draft">What was said for it, by the sync and by itself.</param>
/// <param name="Own">What it says for itself.</param>
/// <param name="Place">Where the entry stands.</param>
internal sealed record ReadTable(TableJob Job, JobDraft Draft, Section Own, Place Place)
{
    /// <summary>Whether the name of the destination table is known; false when it waits for a variable.</summary>
    public required bool IsPlaceKnown { get; init; }
}
