using System.Text;
using Sluice.Destinations.Files;

namespace Sluice.Destinations.Warehouses;

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

        foreach (var statement in request.Models ? dialect.ModelStatements(request) : [])
        {
            Append(text, statement);
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

/// <summary>What statements are to be written for.</summary>
public sealed record DdlRequest
{
    /// <summary>The schema of the lake, and the schema, dataset or database that the tables go to.</summary>
    public required string Schema { get; init; }

    /// <summary>Where the lake is: the address that ingest was given.</summary>
    public required LakeAddress Location { get; init; }

    /// <summary>The tables.</summary>
    public required IReadOnlyList<LakeTable> Tables { get; init; }

    /// <summary>Whether the models are made of the tables, too.</summary>
    public bool Models { get; init; }

    /// <summary>The files of the one table, by their paths below its folder, or null to take what stands there.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>The folder of the schema, which holds a folder for each table.</summary>
    internal LakeAddress Folder => Location.Inside(PathNames.Safe(Schema));
}

/// <summary>One statement and what to say above it.</summary>
/// <param name="Sql">The statement, without a semicolon at its end.</param>
/// <param name="Why">What it is for, or null.</param>
internal sealed record DdlStatement(string Sql, string? Why = null);
