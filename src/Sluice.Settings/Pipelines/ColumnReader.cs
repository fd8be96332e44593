using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads <c>columns</c> and <c>only</c> of a table.</summary>
internal sealed class ColumnReader(Section table, PipelineErrors mistakes)
{
    private const string Drop = "drop";

    /// <summary>The masks as a command would have them.</summary>
    public static IEnumerable<string> MasksOf(Section table) =>
        Columns(table).Where(column => column.Text("mask") is not null).Select(column => $"{column.Name}:{column.Text("mask")}");

    /// <summary>Adds choices, types and what is left out.</summary>
    public IngestSettings AddTo(IngestSettings settings)
    {
        var only = table.Texts("only");
        foreach (var column in Columns(table).ToList())
        {
            Check(column, only);
        }

        var columns = Columns(table).ToList();

        return settings with
        {
            Columns = [.. only, .. columns.Where(column => column.Type is not null).Select(column => $"{column.Name}:{column.Type}")],
            Renames = [.. columns.Where(column => column.Text("rename") is not null).Select(column => $"{column.Name}={column.Text("rename")}")],
            ExcludeColumns = [.. columns.Where(column => column.IsDropped).Select(column => column.Name)],
        };
    }

    /// <summary>Where the column stands that a message names first, or null.</summary>
    public Place? PlaceNamedIn(string message) => table.Below("columns")?.PlaceNamedIn(message);

    private void Check(One column, IReadOnlyList<string> only)
    {
        if (column.IsDropped && column.SaysMore)
        {
            mistakes.Add(
                column.Value, $"The column {column.Name} is dropped, so that nothing else can be said of it.", "Take drop out, or the rest.");
        }
        else if (only.Count > 0 && only.Contains(column.Name, StringComparer.Ordinal) == column.IsDropped)
        {
            mistakes.Add(
                column.Value,
                column.IsDropped
                    ? $"The column {column.Name} is in only and is dropped."
                    : $"The column {column.Name} is described, but only leaves it out.",
                column.IsDropped ? "Take it out of only." : $"Add {column.Name} to only, or take it out of columns.");
        }
    }

    private static IEnumerable<One> Columns(Section table) =>
        table.Below("columns")?.Entries.Where(entry => !entry.Value.IsWrong).Select(entry => new One(entry.Name, entry.Value)) ?? [];

    // A column is a word (drop or a type) or a mapping.
    private sealed record One(string Name, YamlValue Value)
    {
        private Section? Full => Value is YamlMap map ? new Section(map) : null;

        public bool IsDropped => Word == Drop || Full?.Switch(Drop) == true;

        public string? Type => Word is { } word && word != Drop ? word : Text("type");

        public bool SaysMore => Full?.Entries.Any(entry => entry.Name != Drop) == true;

        private string? Word => (Value as YamlText)?.Value;

        public string? Text(string key) => Full?.Text(key);
    }
}
