using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Settings;

/// <summary>Gives columns other names in the destination. What is asked for, hidden and filtered keeps the catalog's names.</summary>
internal static class Renaming
{
    /// <summary>Reads <c>old=new</c>, repeated or with commas, and notes what is wrong.</summary>
    public static IReadOnlyDictionary<string, string> Read(Said said)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in said.List)
        {
            var (from, to) = word.Split('=', 2) is [var one, var other] ? (GivenName.Of(one), other.Trim()) : (word, "");
            if (from.Length == 0 || to.Length == 0 || to.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase))
            {
                said.Refuse(
                    $"'{word}' renames no column.", "Write it as created=created_at; names that begin with _sluice_ are Sluice's own.", from);
            }
            else if (!names.TryAdd(from, to))
            {
                said.Refuse($"The column {from} is renamed twice.", "Name it once.", from);
            }
        }

        return names;
    }

    /// <summary>Renames a table's columns; keys, types and choices that were said with the catalog's names go with them.</summary>
    public static TableJob Apply(TableJob job, IReadOnlyDictionary<string, string> names, ValidationErrors mistakes)
    {
        if (names.Count == 0)
        {
            return job;
        }

        string Name(string old) => names.GetValueOrDefault(old, old);
        NoteClashes(job, names, mistakes);
        return job with
        {
            Resource = Apply(job.Resource, names),
            PrimaryKey = [.. job.PrimaryKey.Select(Name)],
            IncrementalKey = job.IncrementalKey is { } key ? Name(key) : null,
            TypeOverrides = job.TypeOverrides.ToDictionary(pair => Name(pair.Key), pair => pair.Value, StringComparer.Ordinal),
            Only = job.Only.Select(Name).ToHashSet(StringComparer.Ordinal),
            Without = job.Without.Select(Name).ToHashSet(StringComparer.Ordinal),
            Renames = names.Where(pair => !IsOfCatalog(job.Resource, pair.Key)).ToDictionary(StringComparer.Ordinal),
        };
    }

    private static Resource Apply(Resource resource, IReadOnlyDictionary<string, string> names) =>
        resource with
        {
            Columns =
            [
                .. resource.Columns.Select(column =>
                    names.TryGetValue(column.Name, out var name) ? column with { Name = name, Source = SourceOf(resource, column) } : column),
                .. OfParent(resource, names),
            ],
            Parent = resource.Parent is { } parent
                ? parent with
                {
                    Columns = parent.Columns.Where(pair => !names.ContainsKey(pair.Key)).ToDictionary(StringComparer.Ordinal),
                }
                : null,
            CursorColumn = resource.CursorColumn is { } cursor ? names.GetValueOrDefault(cursor, cursor) : null,
            Window = resource.Window is { } window ? window with { Column = names.GetValueOrDefault(window.Column, window.Column) } : null,
            RowFilter = resource.RowFilter is { } filter
                ? names.Aggregate(
                    filter, (text, pair) => Regex.Replace(text, $@"\b{Regex.Escape(pair.Key)}\b", Quoted(pair.Value), RegexOptions.NonBacktracking))
                : null,
        };

    // What the parent's row gives stands in front of the record under a name of its own.
    private static string SourceOf(Resource resource, Column column) =>
        resource.Parent?.Columns.ContainsKey(column.Name) == true ? $"{Column.InjectedPrefix}{column.Name}|{column.Source}" : column.Source;

    private static IEnumerable<Column> OfParent(Resource resource, IReadOnlyDictionary<string, string> names) =>
        (resource.Parent?.Columns.Keys ?? []).Where(name => names.ContainsKey(name) && resource.Columns.All(column => column.Name != name))
        .Select(name => new Column(names[name], ColumnType.Text, "From the parent's row.") { Source = Column.InjectedPrefix + name });

    private static void NoteClashes(TableJob job, IReadOnlyDictionary<string, string> names, ValidationErrors mistakes)
    {
        var taken = job.Resource.Columns.Select(column => column.Name).Except(names.Keys, StringComparer.Ordinal).Concat(names.Values).ToList();
        foreach (
            var clash in taken
                .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1 && group.Any(names.Values.Contains)))
        {
            mistakes.Add(IngestSettings.Rename, $"{job.Source}: two columns would be called {clash.Key}.", "Choose another name.");
        }
    }

    private static bool IsOfCatalog(Resource resource, string name) =>
        resource.Columns.Any(column => column.Name == name) || resource.Parent?.Columns.ContainsKey(name) == true;

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
