using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Reads which members of the records' object become columns.</summary>
public static class FlatteningText
{
    private const string All = "all";

    /// <summary>Reads <c>all</c> or names, repeated or with commas; null when nothing was said, and when it was wrong, which is noted.</summary>
    public static Flattening? Read(TableName table, Resource resource, IReadOnlyList<string> words, Mistakes mistakes)
    {
        var names = ColumnChoice.Names(words).Distinct(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
        {
            return null;
        }

        if (resource.Flatten is not { } rule)
        {
            mistakes.Add($"{table} has no object whose members could become columns.", "flatten is for customer_attributes and activities, for example.");
            return null;
        }

        return new Flattening(rule, names is [All] ? [] : names);
    }
}
