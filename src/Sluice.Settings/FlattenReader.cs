using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Settings;

/// <summary>Reads which members of a record's object become columns, beside the object itself.</summary>
internal static class FlattenReader
{
    /// <summary>The word for all members.</summary>
    public const string All = "all";

    /// <summary>Gives the job what was said of its table's object, and notes what is wrong.</summary>
    /// <param name="job">The table.</param>
    /// <param name="words">Names of members, <see cref="All"/>, or the object that one of the tables has.</param>
    /// <param name="tables">All tables that the words were said of.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static TableJob Apply(TableJob job, IReadOnlyList<string> words, IReadOnlyList<TableName> tables, ValidationErrors mistakes)
    {
        var rule = job.Resource.Flatten;
        var names = words.Distinct(StringComparer.Ordinal).Where(word => word == rule?.Field || !IsObjectOf(tables, word)).ToList();
        if (names.Count == 0)
        {
            return job;
        }

        if (rule is null)
        {
            mistakes.Add(
                IngestSettings.Flatten,
                $"{job.Source} has no object whose members could become columns.",
                "flatten is for deliveries (metrics), customer_attributes and activities.");
            return job;
        }

        return rule.Columns.Count > 0
            ? WithColumns(job, rule, names, HasOpenObject(tables) ? new ValidationErrors() : mistakes)
            : job with { Flattening = new Flattening(rule, names is [All] ? [] : names) };
    }

    /// <summary>Whether a word is the name of an object with known members, which one of some tables has.</summary>
    public static bool IsObjectOf(IEnumerable<TableName> tables, string word) =>
        tables.Any(table => ResourceCatalog.Default.Find(table.Resource)?.Flatten is { Columns.Count: > 0 } rule && rule.Field == word);

    // Names are those of attributes then, for all that is known here.
    private static bool HasOpenObject(IEnumerable<TableName> tables) =>
        tables.Any(table => ResourceCatalog.Default.Find(table.Resource)?.Flatten is { Columns.Count: 0 });

    // What is known of the members makes them columns of the catalog: typed, documented, and NULL where a record lacks them.
    private static TableJob WithColumns(TableJob job, FlattenRule rule, List<string> names, ValidationErrors mistakes)
    {
        var known = rule.Columns.Select(rule.MemberOf).ToList();
        foreach (var name in names.Where(name => name != All && name != rule.Field && !known.Contains(name, StringComparer.Ordinal)))
        {
            mistakes.Add(
                IngestSettings.Flatten,
                $"{job.Source} has no {rule.Field} called '{name}' that could become a column.",
                Suggestion.For(name, known) ?? $"Write {rule.Field} for all of them: {string.Join(", ", known)}.",
                name);
        }

        var isAll = names.Contains(All, StringComparer.Ordinal) || names.Contains(rule.Field, StringComparer.Ordinal);
        var wanted = rule.Columns.Where(column => isAll || names.Contains(rule.MemberOf(column), StringComparer.Ordinal));
        return job with { Resource = job.Resource.WithMembers(wanted) };
    }
}
