using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;

namespace Sluice.Settings;

/// <summary>Reads which columns are hidden, and how.</summary>
internal static class MaskText
{
    /// <summary>The words for the ways to hide a value.</summary>
    public static IReadOnlyDictionary<string, MaskMethod> Methods { get; } = Takes.Words<MaskMethod>();

    /// <summary>
    /// Reads entries <c>column:method</c>, given one by one or with commas. What is said of a column takes the place of what was said of it before,
    /// for all tables.
    /// </summary>
    public static JobDraft Apply(JobDraft draft, Said said)
    {
        var masks = said.List.Select(entry => Read(entry, said)).OfType<Mask>().ToList();
        foreach (var same in masks.GroupBy(mask => mask.Column, StringComparer.OrdinalIgnoreCase))
        {
            if (same.Select(mask => mask.Method).Distinct().Count() > 1)
            {
                said.Refuse($"{said.Key}: the column {same.Key} has two methods: {string.Join(" and ", same.Distinct())}.", "Choose one.", same.Key);
            }
        }

        var before = draft.Masks.Where(mask => !masks.Exists(own => own.Column.Equals(mask.Column, StringComparison.OrdinalIgnoreCase)));
        return draft.Naming(GivenName.Required(said, NameKind.Field, ColumnIn)) with
        {
            Masks = [.. before, .. masks.DistinctBy(mask => mask.Column, StringComparer.OrdinalIgnoreCase)],
        };
    }

    private static string ColumnIn(string entry) => entry.LastIndexOf(':') is var colon and >= 0 ? entry[..colon] : entry;

    private static Mask? Read(string entry, Said said)
    {
        var colon = entry.LastIndexOf(':');
        var column = GivenName.Of(ColumnIn(entry));
        var word = colon < 0 ? "" : entry[(colon + 1)..].Trim();
        if (column.Split('.').Any(string.IsNullOrWhiteSpace))
        {
            said.Refuse($"{said.Key} names no column in '{entry}'.", "Write it as email:sha256, or with a path as attributes.phone:redact.");
            return null;
        }

        if (Methods.TryGetValue(word, out var method))
        {
            return new Mask(column, method);
        }

        const string Fix = "Write it as email:sha256 (equal values stay equal, so joins work), :redact (***) or :partial (j***@example.com).";
        if (word.Length == 0)
        {
            said.Refuse($"{said.Key} does not say how {column} is masked.", Fix, column);
        }
        else
        {
            said.Refuse($"{said.Key}: {column} can't be masked by '{word}'.", Fix, column);
        }

        return null;
    }
}

/// <summary>Sees that the masks of a table leave alone what a run needs to know, and makes masked columns text.</summary>
internal sealed class MaskCheck
{
    private readonly TableJob _job;
    private readonly MaskSet _masks;
    private readonly List<(Mask Mask, string Why, string Table)> _found = [];

    private MaskCheck(TableJob job)
    {
        (_job, _masks) = (job, job.Settings.Masks);
        if (_masks.Masks.Count > 0)
        {
            LookAtRows();
            LookAtParents();
        }
    }

    /// <summary>Notes which of some masks can't be, each once for all jobs that have it.</summary>
    public static void Look(IEnumerable<TableJob> jobs, IEnumerable<Mask> masks, ValidationErrors mistakes)
    {
        var told = masks.ToHashSet();
        foreach (var cases in jobs.SelectMany(job => new MaskCheck(job)._found).Where(one => told.Contains(one.Mask)).Distinct()
            .GroupBy(one => one.Mask))
        {
            var whys = cases
                .GroupBy(one => one.Why, one => one.Table)
                .Select(why => $"it {why.Key} {string.Join(", ", why.Distinct(StringComparer.Ordinal))}");
            mistakes.Add(
                IngestSettings.Mask,
                $"{IngestSettings.Mask} {cases.Key.Column}: this can't be masked, for {string.Join(", and ", whys)}.",
                "Leave these tables out, or mask by a path, such as customer_identifiers.id or attributes.phone, which touches nothing else.",
                cases.Key.Column);
        }
    }

    /// <summary>Gives the job with the types that masked columns have.</summary>
    public static TableJob WithText(TableJob job, ValidationErrors mistakes)
    {
        if (job.Settings.Masks.Masks.Count == 0)
        {
            return job;
        }

        var rules = new MaskRules(job.Settings.Masks, job.Resource);
        var types = new Dictionary<string, ColumnType>(job.TypeOverrides, StringComparer.Ordinal);
        foreach (var (name, type) in job.TypeOverrides.Where(one => one.Value != ColumnType.Text && IsMasked(job.Resource, one.Key, rules)))
        {
            mistakes.Add(
                IngestSettings.Columns,
                $"{job.Source}: the column {name} is masked and so is text, but {IngestSettings.Columns} wants {type.ToString().ToLowerInvariant()}.",
                $"Write {IngestSettings.Columns} {name}:text, or leave the type away.",
                name);
        }

        foreach (var column in job.Resource.Columns.Where(column => IsMasked(job.Resource, column.Name, rules)))
        {
            types[column.Name] = ColumnType.Text;
        }

        // The table may have them from an earlier run; of an object that is hidden as a whole they are NULL, whatever their type.
        if (job.Resource.Flatten is { Columns: var members } rule && rules.At(rule.Field) is null)
        {
            foreach (var member in members.Where(member => rules.At(member.Source) is not null))
            {
                types[member.Name] = ColumnType.Text;
            }
        }

        return job with { TypeOverrides = types };
    }

    private void LookAtRows()
    {
        var table = _job.Source.ToString();
        foreach (var key in _job.PrimaryKey.Where(key => !MayBeHashed(key)))
        {
            Add(_job.Resource, key, "identifies the rows of", table);
        }

        foreach (
            var time in new[] { _job.IncrementalKey, _job.Resource.CursorColumn, _job.Resource.Window?.Column }
                .OfType<string>()
                .Except(_job.PrimaryKey, StringComparer.Ordinal))
        {
            Add(_job.Resource, time, "tells which time rows belong to in", table);
        }

        // It stands in front of records, where no mask reaches.
        foreach (
            var stamp in ResourceCatalog.Default.Find(_job.Resource.Name)!.Columns
                .Where(column => column.Source.StartsWith(Column.InjectedPrefix, StringComparison.Ordinal))
                .Select(column => column.Name)
                .Except(_job.PrimaryKey, StringComparer.Ordinal))
        {
            Add(_job.Resource, stamp, "tells whose numbers they are in", table);
        }
    }

    private void LookAtParents()
    {
        for (var child = _job.Resource; child.Parent is { } binding; child = ResourceCatalog.Default.Find(binding.Resource)!)
        {
            var parent = ResourceCatalog.Default.Find(binding.Resource)!;
            foreach (var copied in binding.Columns.Keys)
            {
                Add(child, copied, $"is taken from the rows of {parent.Name} in", child.Name);
            }

            var needed = binding.Route.Values.Concat(binding.Columns.Values).Append(child.Window?.NotBefore).OfType<string>();
            foreach (var column in needed.Distinct(StringComparer.Ordinal))
            {
                Add(parent, column, $"leads from {parent.Name} to", child.Name);
            }
        }
    }

    private bool MayBeHashed(string key) =>
        _job.Resource.HashableKeys.Contains(key, StringComparer.Ordinal) && MaskOf(_job.Resource, key)?.Method == MaskMethod.Sha256;

    private void Add(Resource resource, string column, string why, string table)
    {
        if (MaskOf(resource, column) is { } mask)
        {
            _found.Add((mask, why, table));
        }
    }

    // The first of several paths is the documented one; the others stand in for it where it is missing, and may be masked.
    private Mask? MaskOf(Resource resource, string column)
    {
        if (resource.IsInjected(column))
        {
            return _masks.Masks.FirstOrDefault(mask => mask.Column.Equals(column, StringComparison.OrdinalIgnoreCase));
        }

        var known = resource.Columns.FirstOrDefault(one => one.Name.Equals(column, StringComparison.OrdinalIgnoreCase));
        return new MaskRules(_masks, resource).At(known?.Sources[0] ?? column);
    }

    private static bool IsMasked(Resource resource, string name, MaskRules rules)
    {
        var column = resource.Columns.FirstOrDefault(one => one.Name.Equals(name, StringComparison.Ordinal));
        return !resource.IsInjected(name) && (column?.Sources ?? [name]).Any(source => rules.At(source) is not null);
    }
}
