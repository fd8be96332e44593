namespace Sluice.Destinations.Relational;

/// <summary>
/// How a row of the table ("old") is found to be the same as one that came ("new"). Rows with a whole key are compared by "=", for which databases
/// have indexes and hashes; the few with a NULL in it apart.
/// </summary>
/// <param name="Condition">That two rows are the same.</param>
/// <param name="OfOld">That a row of the table is of this sort.</param>
/// <param name="OfNew">That a row that came is.</param>
internal sealed record SameRow(string Condition, string OfOld, string OfNew)
{
    public static SameRow ByKey(SqlDialect dialect, IReadOnlyList<string> key)
    {
        var names = key.Select(dialect.Quote).ToList();
        string Whole(string of) => string.Join(" AND ", names.Select(name => $"{of}.{name} IS NOT NULL"));
        return new SameRow(string.Join(" AND ", names.Select(name => $"old.{name} = new.{name}")), Whole("old"), Whole("new"));
    }

    public static SameRow ByIncompleteKey(SqlDialect dialect, IReadOnlyList<string> key)
    {
        var names = key.Select(dialect.Quote).ToList();
        string Incomplete(string of) => $"({string.Join(" OR ", names.Select(name => $"{of}.{name} IS NULL"))})";
        var same = names.Select(name => $"old.{name} {dialect.Same} new.{name}{dialect.HashHint($"old.{name}", $"new.{name}")}");
        return new SameRow($"{string.Join(" AND ", same)} AND {Incomplete("old")}", Incomplete("old"), Incomplete("new"));
    }
}
