using System.CommandLine;
using Sluice.Destinations.Ddl;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;

namespace Sluice.Cli.Commands;

/// <summary>What the tables of a lake look like: as an ingest with the same options wrote them.</summary>
internal sealed class LakeTableOptions
{
    private static readonly string[] Policies = ["soft", "hard", "ignore"];

    private readonly Option<string[]> _partitionBy = Flag.Several(
        "--partition-by", "COLUMN", "The columns by which the lake's folders are divided, repeated or with commas");

    private readonly Option<string[]> _columns = Flag.Several(
        "--columns",
        "NAME[:TYPE]",
        "As ingest was given; name:type also adds a column that your table has and the catalog does not know (bigint, double, boolean, text, timestamp, json)");

    private readonly Option<string[]> _exclude = Flag.Several("--exclude-columns", "COLUMN", "As ingest was given: columns that were left out");

    private readonly Option<string?> _deletes = Flag.Text(
        "--deletes", "soft|hard|ignore", "As ingest was given: with soft, tables whose whole list is read have _sluice_deleted_at [default: soft]");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _partitionBy, _columns, _exclude, _deletes })
        {
            command.Add(option);
        }
    }

    public IReadOnlyList<LakeTable> Read(Flags flags, IReadOnlyList<string> names, Mistakes mistakes)
    {
        var catalog = ResourceCatalog.Default;
        var wanted = TableList.Read(names.Count == 0 ? TableList.All : string.Join(',', names), catalog, mistakes);
        var choice = ColumnChoice.Read(flags.List(_columns), flags.List(_exclude), mistakes);
        var marks = flags.Word(_deletes, Policies, mistakes) == Policies[0];
        var folders = ColumnChoice.Names(flags.List(_partitionBy)).Distinct(StringComparer.Ordinal).ToList();
        var tables = wanted.Select(name => Chosen(LakeTable.Of(name, catalog.Find(name.Resource)!, marks), catalog.Find(name.Resource)!, choice)).ToList();
        return [.. tables.Select(table => Divided(Extended(table, choice, tables.Count, mistakes), folders, mistakes))];
    }

    private static LakeTable Chosen(LakeTable table, Resource resource, ColumnChoice choice)
    {
        var keys = resource.CursorColumn is { } cursor ? resource.PrimaryKey.Append(cursor).ToList() : resource.PrimaryKey;
        return table with
        {
            Columns =
            [
                .. table.Columns.Where(column => LakeTable.IsOwn(column) || choice.Keeps(column.Name, keys))
                    .Select(column => column with { Type = choice.SetTypes.GetValueOrDefault(column.Name, column.Type) }),
            ],
        };
    }

    private static LakeTable Extended(LakeTable table, ColumnChoice choice, int tables, Mistakes mistakes)
    {
        var more = choice.SetTypes.Where(set => table.Columns.All(column => !column.Name.Equals(set.Key, StringComparison.OrdinalIgnoreCase)))
            .Select(set => new LakeColumn(set.Key, set.Value)).ToList();
        if (more.Count > 0 && tables > 1)
        {
            mistakes.Add(
                $"--columns adds a column to one table, and {table.Name} is one of {tables} that have no {string.Join(", ", more.Select(column => column.Name))}.",
                "Name the one table whose column it is.");
            return table;
        }

        return table.With(more);
    }

    private static LakeTable Divided(LakeTable table, IReadOnlyList<string> folders, Mistakes mistakes)
    {
        var names = table.Columns.Select(column => column.Name).ToList();
        var strange = folders.Where(folder => !names.Contains(folder, StringComparer.Ordinal)).ToList();
        foreach (var folder in strange)
        {
            mistakes.Add($"--partition-by: {table.Name} has no column '{folder}'.", Suggestion.For(folder, names) ?? $"'sluice tables {table.Name}' lists its columns.");
        }

        return strange.Count > 0 || folders.Count == 0 ? table : table.PartitionedBy(folders);
    }
}
