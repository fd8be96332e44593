using Sluice.Engine.Load;

namespace Sluice.Destinations.MySql;

/// <summary>
/// The comments of tables and columns. A column is commented by describing it anew; so those whose type is not Sluice's are left as they are.
/// </summary>
internal static class MySqlComments
{
    // MySQL takes 2,048 letters for a table and 1,024 for a column.
    private const int MostTableLetters = 2048;
    private const int MostColumnLetters = 1024;

    /// <summary>What a new table is to be commented with that takes the place of an old one; null for nothing.</summary>
    /// <param name="old">The comments of the old table.</param>
    /// <param name="made">Those of the new one.</param>
    public static TableDocs? HandedOver(TableDocs old, TableDocs made)
    {
        var columns = old.Columns
            .Where(column => column.Value.Length > 0 && made.Columns.TryGetValue(column.Key, out var comment) && comment != column.Value)
            .ToDictionary(StringComparer.Ordinal);
        var table = old.Table == made.Table ? "" : old.Table;
        return table.Length > 0 || columns.Count > 0 ? new TableDocs(table, columns) : null;
    }

    /// <summary>What follows ALTER TABLE and its name; empty for nothing.</summary>
    /// <param name="comments">The comments.</param>
    /// <param name="columns">The columns that can be described anew, with their types.</param>
    public static string Changes(TableDocs comments, IEnumerable<(string Name, string Type)> columns)
    {
        var changes = columns
            .Where(column => comments.Columns.ContainsKey(column.Name))
            .Select(column =>
                $"MODIFY COLUMN {MySqlNames.Quote(column.Name)} {column.Type} COMMENT {Literal(comments.Columns[column.Name], MostColumnLetters)}")
            .ToList();
        if (comments.Table.Length > 0)
        {
            changes.Add($"COMMENT = {Literal(comments.Table, MostTableLetters)}");
        }

        return string.Join(", ", changes);
    }

    // A comment can't be a parameter.
    private static string Literal(string text, int most)
    {
        var shown = text.Length <= most ? text : $"{text[..(most - 1)]}…";
        return $"'{shown.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
