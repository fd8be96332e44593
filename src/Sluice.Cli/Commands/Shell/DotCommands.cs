using System.IO.Enumeration;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.Cli.Commands;

/// <summary>A command of the shell that is no SQL.</summary>
/// <param name="Name">The name with its dot.</param>
/// <param name="Takes">What may stand behind it.</param>
/// <param name="Does">What it does.</param>
internal sealed record DotCommand(string Name, string Takes, string Does);

/// <summary>The shell's own commands.</summary>
internal sealed class DotCommands(ShellSession shell)
{
    private static readonly string[] Ends = [".quit", ".exit"];

    public static IReadOnlyList<DotCommand> All { get; } =
    [
        new(".tables", "[PATTERN]", "lists the tables, or those with PATTERN in their name; * stands for any letters"),
        new(".schema", "[TABLE]", "lists the columns of a table, or of all, and which conditions on them save requests"),
        new(".cost", "[SQL]", "tells what a query would cost; without one, what the last query has cost"),
        new(".mode", "[FORMAT]", $"writes rows as {string.Join(", ", QueryOptions.Formats)}; alone, tells how they are written"),
        new(".help", "", "shows this"),
        new(".quit", "", "ends the shell, as .exit and Ctrl-D do"),
    ];

    /// <summary>Every name that is understood.</summary>
    public static IEnumerable<string> Names => All.Select(command => command.Name).Union(Ends, StringComparer.Ordinal);

    /// <summary>Runs a command; false when it ends the shell.</summary>
    public async Task<bool> RunAsync(string line, CancellationToken cancel)
    {
        var words = line.TrimEnd(';', ' ', '\n').Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var (name, rest) = (words[0].ToLowerInvariant(), words.ElementAtOrDefault(1) ?? "");
        if (Ends.Contains(name, StringComparer.Ordinal))
        {
            return false;
        }

        await (name switch
        {
            ".tables" => TablesAsync(rest, cancel),
            ".schema" => SchemaAsync(rest, cancel),
            ".cost" => shell.PriceAsync(rest, cancel),
            ".mode" => ModeAsync(rest),
            ".help" => HelpAsync(),
            _ => throw new SluiceException(
                SluiceErrorKind.Config, $"There is no command '{words[0]}'.", Suggestion.For(name, Names) ?? ".help lists what there is."),
        });
        return true;
    }

    private async Task TablesAsync(string pattern, CancellationToken cancel)
    {
        var wanted = pattern.Replace('%', '*') is var simple && simple.Contains('*', StringComparison.Ordinal) ? simple : $"*{simple}*";
        var found = shell.Tables.Where(table => FileSystemName.MatchesSimpleExpression(wanted, table.Name)).Select(table => table.Name).ToList();
        if (found.Count == 0)
        {
            throw NoTable(pattern);
        }

        await shell.WriteAsync(
            "SELECT name AS \"table\", coalesce(regexp_extract(description, '^[^:.;,]+'), '') AS \"what a row is\" "
                + $"FROM (VALUES {string.Join(", ", found.Select(name => $"({DuckDBLiteral.Quote(name)})"))}) names(name) "
                + "LEFT JOIN sluice_tables ON table_name = name ORDER BY name",
            cancel);
    }

    private async Task SchemaAsync(string name, CancellationToken cancel)
    {
        const string Columns =
            "column_name AS \"column\", data_type AS type, if(is_key, 'key', '') AS key, coalesce(pushed_down, '') AS saves_requests";
        if (name.Length == 0)
        {
            await shell.WriteAsync($"SELECT table_name AS \"table\", {Columns} FROM sluice_columns", cancel);
            return;
        }

        var table = shell.Tables.FirstOrDefault(table => table.Aliases.Prepend(table.Name).Contains(name, StringComparer.OrdinalIgnoreCase))
            ?? throw NoTable(name);
        var path = string.Join('.', table.Name.Split('.').Select(DuckDBIdentifier.Quote));
        await shell.WriteAsync(
            table.IsLive ? $"SELECT {Columns} FROM sluice_columns WHERE table_name = {DuckDBLiteral.Quote(table.Name)}"
                : $"SELECT column_name AS \"column\", column_type AS type FROM (DESCRIBE {path})",
            cancel);
    }

    private async Task ModeAsync(string format)
    {
        if (format.Length == 0)
        {
            await shell.Out.WriteLineAsync(shell.Settings.Format);
            return;
        }

        var known = QueryOptions.Formats.FirstOrDefault(one => one.Equals(format, StringComparison.OrdinalIgnoreCase));
        shell.Settings = shell.Settings with
        {
            Format = known ?? throw new SluiceException(
                SluiceErrorKind.Config, $"There is no format '{format}'.",
                Suggestion.For(format, QueryOptions.Formats) ?? $"There are {string.Join(", ", QueryOptions.Formats)}."),
        };
    }

    private async Task HelpAsync()
    {
        var table = new TextTable("command", "what it does");
        foreach (var command in All)
        {
            table.Add($"{command.Name} {command.Takes}".TrimEnd(), command.Does);
        }

        await shell.Out.WriteAsync($"Everything else is SQL and ends with a semicolon, which may be lines below.\n\n{table}");
    }

    private SluiceException NoTable(string name) => new(
        SluiceErrorKind.Config, $"There is no table '{name}'.",
        Suggestion.For(name.Replace("*", "", StringComparison.Ordinal), shell.Tables.Select(table => table.Name)) ?? ".tables lists what there is.");
}
