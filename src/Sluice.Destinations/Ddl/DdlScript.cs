using System.Text;

namespace Sluice.Destinations.Ddl;

/// <summary>Puts statements and comments together.</summary>
internal static class DdlScript
{
    public static string Write(WarehouseDialect dialect, DdlRequest request)
    {
        var text = new StringBuilder();
        text.Append($"-- Sluice's tables in {dialect.Title}, from {request.Folder}.\n");
        text.Append($"-- Written after {dialect.Title}'s documentation; docs/warehouses.md tells how to keep them up to date.\n");
        text.Append("-- Let the client stop at the first error, so that no old row goes before the new ones are there.\n");
        var blanks = dialect.Blanks(request).ToList();
        if (blanks.Count > 0)
        {
            text.Append($"-- To fill in: {string.Join(", ", blanks)}.\n");
        }

        foreach (var statement in dialect.Preparation(request))
        {
            Append(text, statement);
        }

        foreach (var table in request.Tables)
        {
            text.Append($"\n-- {table.Name}: {OneLine(table.Doc)}\n");
            foreach (var statement in dialect.Statements(table, request))
            {
                Append(text, statement);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, DdlStatement statement)
    {
        text.Append('\n');
        if (statement.Why is { } why)
        {
            foreach (var line in why.Split('\n'))
            {
                text.Append($"-- {line}\n");
            }
        }

        text.Append(statement.Sql).Append(";\n");
    }

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}
