using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Engine.Load;
using Sluice.Writes.Journal;
using Sluice.Writes.Statements;

namespace Sluice.Writes.Sync;

/// <summary>The columns that both sides keep the same, and the key by which their rows are paired.</summary>
internal sealed class RowShape(IReadOnlyList<EditableColumn> columns, IReadOnlyList<string> key)
{
    private const int MostNamed = 5;

    public IReadOnlyList<EditableColumn> Columns => columns;

    public IReadOnlyList<string> Names { get; } = [.. columns.Select(column => column.Name)];

    public IReadOnlyList<string> Key => key;

    /// <summary>Pairs the rows of a side with their keys.</summary>
    /// <param name="side">The side, for messages.</param>
    /// <param name="rows">Its rows.</param>
    /// <exception cref="SluiceException">Rows have no key, or several have the same (kind Config).</exception>
    public IReadOnlyDictionary<string, SideRow> Paired(string side, IEnumerable<JsonObject> rows)
    {
        var paired = new OrderedDictionary<string, SideRow>(StringComparer.Ordinal);
        var (doubled, keyless) = (new List<string>(), 0);
        foreach (var row in rows)
        {
            var formed = Formed(row);
            var name = KeyText.Of(key, formed);
            if (key.Any(column => formed[column] is null))
            {
                keyless++;
            }
            else if (!paired.TryAdd(KeyOf(formed), new SideRow(name, formed, row, JournalFolder.Hash(formed.ToJsonString())[..32])))
            {
                doubled.Add(name);
            }
        }

        Require(side, doubled, keyless);
        return paired;
    }

    /// <summary>A key as the state of the last run has it.</summary>
    public static string Hidden(string key) => JournalFolder.Hash(key)[..32];

    private JsonObject Formed(JsonObject row)
    {
        var formed = new JsonObject();
        foreach (var column in columns)
        {
            if (FormedValue.Of(row[column.Name], column.Form) is { } value)
            {
                formed[column.Name] = value;
            }
        }

        return formed;
    }

    private string KeyOf(JsonObject formed) => new JsonArray([.. key.Select(column => formed[column]!.DeepClone())]).ToJsonString();

    private void Require(string side, List<string> doubled, int keyless)
    {
        var names = string.Join(", ", key);
        if (keyless > 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                string.Create(CultureInfo.InvariantCulture, $"{keyless} rows of {side} have no value in {names}. Nothing was changed."),
                "Each row needs a key on both sides: give them one, or name another key.");
        }

        if (doubled.Count > 0)
        {
            var more = doubled.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {doubled.Count - MostNamed} more") : "";
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"Several rows of {side} have the same key: {string.Join("; ", doubled.Take(MostNamed))}{more}. Nothing was changed.",
                $"Rows are paired by {names}: remove what is double, or name another key.");
        }
    }
}

/// <summary>A row of a side.</summary>
/// <param name="Name">The row by its key, for messages.</param>
/// <param name="Formed">The values of the columns in their forms, without those that are NULL.</param>
/// <param name="Whole">All that the side has.</param>
/// <param name="Print">The fingerprint of the formed values.</param>
internal sealed record SideRow(string Name, JsonObject Formed, JsonObject Whole, string Print);
