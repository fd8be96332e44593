using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;
using Sluice.Settings.Pipelines.Shapes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads the tables of a sync: what each says of itself, and what the sync says for all.</summary>
internal sealed class TableReader(PipelineContext around, Section sync, PipelineErrors mistakes)
{
    private const string SaltVariable = "SLUICE_MASK_SALT";

    /// <summary>What a sync says for all of its tables.</summary>
    public static IngestSettings Shared(PipelineContext around, Section sync)
    {
        var settings = Settings(around, sync, Section.None);
        return sync.Text("mode") == SyncMode.Words[0] ? settings with { FullRefresh = true } : settings;
    }

    /// <summary>Reads all tables, with their names before the prefixes of the sync.</summary>
    public List<ReadTable> ReadAll(PipelineDestination? destination)
    {
        var named = Entries().ToList();
        var groups = named.Where(entry => entry.Name is null).ToList();
        var tables = named.Where(entry => entry.Name is not null).Select(entry => (entry.Name!, entry.Own, entry.Value.Place)).ToList();

        // A table that is named with settings of its own is not read a second time because it belongs to "all".
        foreach (var (_, value, _) in groups)
        {
            var group = TableList.Read(((YamlText)value).Value, around.Catalog, new ValidationErrors());
            tables.AddRange(group.Where(name => !tables.Exists(one => one.Item1 == name)).Select(name => (name, Section.None, value.Place)).ToList());
        }

        var shared = MasksThatCanBe(tables.Select(one => one.Item1));
        var isPlaceKnown = !sync.IsUnknown("table_prefix") && !sync.IsUnknown("schema");
        return
        [
            .. tables.Select(one => new ReadTable(
                Read(one.Item1, one.Own, shared, destination, one.Place),
                one.Place,
                isPlaceKnown && !one.Own.IsUnknown("as") && !one.Own.IsUnknown("schema"))),
        ];
    }

    // Told once for all tables: the same mask would be refused for nearly each of them.
    private IReadOnlyList<string> MasksThatCanBe(IEnumerable<TableName> tables)
    {
        var masks = sync.Texts("mask");
        var (found, others) = (new ValidationErrors(), new ValidationErrors());
        var settings = new IngestSettings { SourceTable = string.Join(',', tables) };
        IngestRequestReader.Read(settings, "", around.Catalog, others);
        IngestRequestReader.Read(settings with { Masks = masks }, "", around.Catalog, found);
        found.TakeAway(others);
        mistakes.Take(found, _ => sync.PlaceOf("mask"));
        return found.Any ? [] : masks;
    }

    private IEnumerable<(TableName? Name, YamlValue Value, Section Own)> Entries()
    {
        if (!sync.Has("tables"))
        {
            yield return (null, new YamlText(sync.Place, TableList.Default, isPlain: true), Section.None);
        }

        var items = sync.Value("tables") switch { YamlList list => list.Items, { } one => [one], _ => [] };
        foreach (var item in items.Where(item => !item.IsWrong))
        {
            if (item is YamlText { Value: { } word } && TableShape.Groups.Contains(word, StringComparer.Ordinal))
            {
                yield return (null, item, Section.None);
            }
            else if (item is YamlText { Value: { } name } && TableName.TryParse(name, around.Catalog, out var table, out _))
            {
                yield return (table, item, Section.None);
            }
            else if (
                item is YamlMap { Entries: [{ Value: YamlMap own } entry] }
                && TableName.TryParse(entry.Name, around.Catalog, out var full, out _))
            {
                yield return (full, item, new Section(own));
            }
        }
    }

    private PipelineTable Read(TableName name, Section own, IReadOnlyList<string> masks, PipelineDestination? destination, Place place)
    {
        var resource = around.Catalog.Find(name.Resource)!;
        var columns = new ColumnReader(own, mistakes);
        var settings = columns.AddTo(SyncMode.Apply(own.Text("mode") ?? sync.Text("mode"), resource, Settings(around, sync, own) with
        {
            Masks = MasksOf(masks, own),
            SourceTable = name.ToString(),
            DestTable = own.Text("as"),
            DestSchema = own.Text("schema") ?? sync.Text("schema") ?? destination?.Schema,
            PrimaryKey = own.Texts("primary_key"),
            IncrementalKey = own.Text("incremental_key"),
            Where = own.Text("where"),
            Options = OptionNodes.Read(own.Below("options")),
            Flatten = Flattened(own),
            Archive = own.Switch("archive") ?? false,
        }));
        new SharedRules(mistakes).Check(own, sync);

        // The reader of commands has the last word, on what keys mean together and with the table; times were compared where they stand.
        var found = new ValidationErrors();
        IngestRequestReader.Read(
            settings with
            {
                IntervalStart = null,
                IntervalEnd = null,
                LookBack = null,
                CutoffDays = null,
            },
            "",
            around.Catalog,
            found);
        mistakes.Take(found, message => columns.PlaceNamedIn(message) ?? own.PlaceNamedIn(message) ?? sync.PlaceNamedIn(message) ?? place);
        return new PipelineTable
        {
            Source = name,
            Settings = settings,
            HasOwnRules = SharedRules.Names.Any(own.Has),
        };
    }

    private static IngestSettings Settings(PipelineContext around, Section sync, Section own)
    {
        string? Text(string key) => own.Text(key) ?? sync.Text(key);
        var backs = own.Has("look_back") || own.Has("cutoff_days") ? own : sync;
        var salt = sync.Has("mask_salt") ? sync.Text("mask_salt") : around.Variables(SaltVariable);
        return new IngestSettings
        {
            IntervalStart = Text("interval_start"),
            IntervalEnd = Text("interval_end"),
            FullRefresh = own.Switch("full_refresh") ?? sync.Switch("full_refresh") ?? false,
            LookBack = backs.Text("look_back"),
            CutoffDays = backs.Text("cutoff_days"),
            Limit = Text("limit"),
            SchemaContract = Text("schema_contract"),
            Deletes = Text("deletes"),
            AllowPartial = sync.Switch("allow_partial") ?? false,
            KeepSpool = sync.Switch("keep_spool") ?? false,
            Masks = MasksOf(sync.Texts("mask"), own),
            MaskSalt = salt is { Length: > 0 } ? new MaskSalt(salt) : null,
            WorkFolder = around.WorkFolder,
        };
    }

    // What a table says of a column takes the place of what the sync says of it.
    private static List<string> MasksOf(IReadOnlyList<string> shared, Section own)
    {
        var said = own.Texts("mask").Concat(ColumnReader.MasksOf(own)).ToList();
        var columns = said.Select(mask => mask.Split(':')[0].Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. shared.Where(mask => !columns.Contains(mask.Split(':')[0].Trim())), .. said];
    }

    // People's attributes have a word of their own, because there it is the attributes that are meant.
    private IReadOnlyList<string> Flattened(Section own)
    {
        var attributes = own.Below("attributes")?.Texts("flatten") ?? [];
        var members = own.Texts("flatten");
        if (attributes.Count > 0 && members.Count > 0)
        {
            mistakes.Add(own.PlaceOf("flatten"), "flatten and attributes say the same thing.", "Keep one of them.");
        }

        return [.. attributes, .. members];
    }
}
