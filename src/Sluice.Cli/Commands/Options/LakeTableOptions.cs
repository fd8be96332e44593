using System.CommandLine;
using Sluice.Destinations.Warehouses;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary>What the tables of a lake look like: as an ingest with the same options wrote them.</summary>
internal sealed class LakeTableOptions
{
    private static readonly string[] Policies = ["soft", "hard", "ignore"];

    private readonly Option<string[]> _partitionBy = Flag.Several(
        "--partition-by",
        "COLUMN[:day|month|year]",
        "As ingest was given: the columns of times by which files are put into folders [default: by day]");

    private readonly Option<string[]> _columns = Flag.Several(
        "--columns",
        "NAME[:TYPE]",
        "As ingest was given; name:type also adds a column that your table has and the catalog does not know (bigint, double, boolean, text, " +
            "timestamp, json)"
    );

    private readonly Option<string[]> _exclude = Flag.Several("--exclude-columns", "COLUMN", "As ingest was given: columns that were left out");

    private readonly Option<string?> _deletes = Flag.Text(
        "--deletes", "soft|hard|ignore", "As ingest was given: with soft, tables whose whole list is read have _sluice_deleted_at [default: soft]");

    private readonly Option<string[]> _primaryKey = Flag.Several(
        "--primary-key", "COLUMN", "As ingest was given: the columns that identify a row, repeated or with commas [default: the table's own]");

    private IEnumerable<Option> Options => [_partitionBy, _columns, _exclude, _deletes];

    public void AddTo(Command command)
    {
        foreach (var option in Options.Append(_primaryKey))
        {
            command.Add(option);
        }
    }

    /// <summary>Notes the options among the arguments that say what a manifest says better.</summary>
    public void RefuseWithManifest(Flags flags, ValidationErrors mistakes)
    {
        foreach (var option in Options.Where(flags.IsGiven))
        {
            mistakes.Add($"{option.Name} can't be given with --manifest, which says what was written.", "Leave one of the two out.");
        }
    }

    public IReadOnlyList<LakeTable> Read(Flags flags, IReadOnlyList<string> names, ValidationErrors mistakes)
    {
        var catalog = ResourceCatalog.Default;
        var wanted = names.Count == 0 ? [.. TableList.Everything()] : TableList.Read(string.Join(',', names), mistakes);
        var choice = ColumnChoice.Read(flags.List(_columns), flags.List(_exclude), mistakes);
        var marks = flags.Word(_deletes, Policies, mistakes) == Policies[0];
        var key = ColumnChoice.Names(flags.List(_primaryKey)).ToList();
        var folders = mistakes.Collect(() => LakeFolders.Read(flags.List(_partitionBy)), LakeFolders.None);
        var tables = wanted
            .Select(name => Chosen(LakeTable.Of(name, catalog.Find(name.Resource)!, marks), catalog.Find(name.Resource)!, key, choice))
            .ToList();
        tables = [.. tables.Select(table => Extended(table, choice, folders, tables.Count, mistakes))];
        Check(folders, tables, mistakes);
        return [.. tables.Select(folders.ApplyTo)];
    }

    private static LakeTable Chosen(LakeTable table, Resource resource, List<string> key, ColumnChoice choice)
    {
        var primary = key.Count > 0 ? key : resource.PrimaryKey;
        var keys = resource.CursorColumn is { } cursor ? primary.Append(cursor).ToList() : primary;
        return table with
        {
            PrimaryKey = primary,
            Columns =
            [
                .. table.Columns.Where(column => LakeTable.IsOwn(column) || choice.Keeps(column.Name, keys))
                    .Select(column => column with { Type = choice.SetTypes.GetValueOrDefault(column.Name, column.Type) }),
            ],
        };
    }

    private static LakeTable Extended(
        LakeTable table, ColumnChoice choice, LakeFolders folders, int tables, ValidationErrors mistakes)
    {
        var more = choice.SetTypes.Where(set => table.Columns.All(column => !column.Name.Equals(set.Key, StringComparison.OrdinalIgnoreCase)))
            .Select(set => new LakeColumn(set.Key, set.Value)).ToList();
        if (more.Count > 0 && tables > 1)
        {
            mistakes.Add(
                $"--columns adds a column to one table, and {table.Name} is one of {tables} that have no " +
                    $"{string.Join(", ", more.Select(column => column.Name))}.",
                "Name the one table whose column it is.");
            return table;
        }

        return table.With(folders.Named(more, table));
    }

    // As ingest does: tables without the column are not divided, and that none has it is a mistake.
    private static void Check(LakeFolders folders, List<LakeTable> tables, ValidationErrors mistakes)
    {
        foreach (var column in folders.Columns.Where(column => tables.Count > 0 && !tables.Exists(table => LakeFolders.Divide(table, column))))
        {
            var others = tables
                .SelectMany(table => table.Columns)
                .Where(one => one.IsTime)
                .Select(one => one.Name)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal);
            mistakes.Add($"--partition-by: no table has a column {column} with times.", $"There are: {string.Join(", ", others)}.");
        }
    }
}
