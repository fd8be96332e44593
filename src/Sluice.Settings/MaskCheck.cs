using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;

namespace Sluice.Settings;

/// <summary>Sees that masks leave alone what a run needs to know, and makes masked columns text.</summary>
internal sealed class MaskCheck(MaskSet masking, ResourceCatalog catalog)
{
    private readonly List<(Mask Mask, string Why, string Table)> _found = [];

    /// <summary>Notes masks that can't be, and gives the jobs with the types that masked columns have.</summary>
    public static IReadOnlyList<TableJob> Apply(IReadOnlyList<TableJob> jobs, MaskSet masking, ResourceCatalog catalog, ValidationErrors mistakes)
    {
        if (masking.Masks.Count == 0)
        {
            return jobs;
        }

        var check = new MaskCheck(masking, catalog);
        foreach (var job in jobs)
        {
            check.Look(job);
        }

        check.Tell(mistakes);
        return [.. jobs.Select(job => check.WithText(job, mistakes))];
    }

    private void Look(TableJob job)
    {
        var table = job.Source.ToString();
        foreach (var key in job.PrimaryKey.Where(key => !MayBeHashed(job.Resource, key)))
        {
            Add(job.Resource, key, "identifies the rows of", table);
        }

        foreach (
            var time in new[] { job.IncrementalKey, job.Resource.CursorColumn, job.Resource.Window?.Column }
                .OfType<string>()
                .Except(job.PrimaryKey, StringComparer.Ordinal))
        {
            Add(job.Resource, time, "tells which time rows belong to in", table);
        }

        for (var child = job.Resource; child.Parent is { } binding && catalog.Find(binding.Resource) is { } parent; child = parent)
        {
            foreach (var copied in binding.Columns.Keys)
            {
                Add(child, copied, $"is taken from the rows of {parent.Name} in", child.Name);
            }

            foreach (
                var needed in binding
                    .Route.Values.Concat(binding.Columns.Values)
                    .Append(child.Window?.NotBefore)
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal))
            {
                Add(parent, needed, $"leads from {parent.Name} to", child.Name);
            }
        }
    }

    private bool MayBeHashed(Resource resource, string key) =>
        resource.HashableKeys.Contains(key, StringComparer.Ordinal) && MaskOf(resource, key)?.Method == MaskMethod.Sha256;

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
            return masking.Masks.FirstOrDefault(mask => mask.Column.Equals(column, StringComparison.OrdinalIgnoreCase));
        }

        var known = resource.Columns.FirstOrDefault(one => one.Name.Equals(column, StringComparison.OrdinalIgnoreCase));
        return new MaskRules(masking, resource).At(known?.Sources[0] ?? column);
    }

    private void Tell(ValidationErrors mistakes)
    {
        foreach (var cases in _found.Distinct().GroupBy(one => one.Mask))
        {
            var whys = cases
                .GroupBy(one => one.Why, one => one.Table)
                .Select(why => $"it {why.Key} {string.Join(", ", why.Distinct(StringComparer.Ordinal))}");
            mistakes.Add(
                $"--mask {cases.Key.Column}: this can't be masked, for {string.Join(", and ", whys)}.",
                "Leave these tables out, or mask by a path, such as customer_identifiers.id or attributes.phone, which touches nothing else.");
        }
    }

    private TableJob WithText(TableJob job, ValidationErrors mistakes)
    {
        var rules = new MaskRules(masking, job.Resource);
        var types = new Dictionary<string, ColumnType>(job.TypeOverrides, StringComparer.Ordinal);
        foreach (var (name, type) in job.TypeOverrides.Where(one => one.Value != ColumnType.Text && IsMasked(job.Resource, one.Key, rules)))
        {
            mistakes.Add(
                $"{job.Source}: the column {name} is masked and so is text, but --columns wants {type.ToString().ToLowerInvariant()}.",
                $"Write --columns {name}:text, or leave the type away.");
        }

        foreach (var column in job.Resource.Columns.Where(column => IsMasked(job.Resource, column.Name, rules)))
        {
            types[column.Name] = ColumnType.Text;
        }

        return job with { TypeOverrides = types };
    }

    private static bool IsMasked(Resource resource, string name, MaskRules rules)
    {
        var column = resource.Columns.FirstOrDefault(one => one.Name.Equals(name, StringComparison.Ordinal));
        return !resource.IsInjected(name) && (column?.Sources ?? [name]).Any(source => rules.At(source) is not null);
    }
}
