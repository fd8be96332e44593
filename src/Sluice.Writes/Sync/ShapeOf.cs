using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Writes.Sync;

/// <summary>Finds the columns that both sides keep the same, and says which are missing and how they are added.</summary>
internal static class ShapeOf
{
    private static readonly JsonForm[] NoKeys = [JsonForm.Json, JsonForm.Double, JsonForm.Time];

    /// <exception cref="SluiceException">The table or a column is missing or can't be kept the same (kind Config).</exception>
    public static RowShape Make(TwoWaySettings settings, IEditableTable table, IReadOnlyList<JsonObject> there)
    {
        if (settings.ChangedAt is { } at && table.Columns.All(column => column.Name != at))
        {
            throw Wrong(
                $"{settings.TableTitle} has no column {at}, which is to say when a row was changed.",
                Suggestion.For(at, table.Columns.Select(column => column.Name)));
        }

        var names = Names(settings, table, there);
        RequireColumns(settings, table, there, names);
        var columns = names.Select(name => Column(settings, table.Columns.First(column => column.Name == name))).ToList();
        if (columns.Find(column => settings.Key.Contains(column.Name) && NoKeys.Contains(column.Form)) is { } wrong)
        {
            throw Wrong(
                $"Rows can't be paired by {wrong.Name}, a column of the type {wrong.Type}.",
                "A key is made of texts, whole numbers, decimals, days, or true and false.");
        }

        return new RowShape(columns, settings.Key);
    }

    // The table says which columns there are, unless somebody does; a member that it lacks would be lost for it.
    private static IReadOnlyList<string> Names(TwoWaySettings settings, IEditableTable table, IReadOnlyList<JsonObject> there)
    {
        if (settings.Collection is null || settings.Columns.Count > 0)
        {
            return [.. settings.Key.Concat(settings.Columns).Distinct(StringComparer.Ordinal)];
        }

        return
        [
            .. settings.Key
                .Concat(table.Columns.Where(column => !column.IsComputed).Select(column => column.Name))
                .Concat(there.SelectMany(row => row.Select(member => member.Key)))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private static void RequireColumns(TwoWaySettings settings, IEditableTable table, IReadOnlyList<JsonObject> there, IReadOnlyList<string> names)
    {
        var missing = names.Where(name => table.Columns.All(column => column.Name != name)).ToList();
        foreach (var name in missing)
        {
            if (table.Columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } other)
            {
                throw Wrong(
                    $"The rows of {settings.TargetTitle} have {name}, and {settings.TableTitle} has {other.Name}.",
                    "Call it by the same letters on both sides, or list the columns to keep the same: columns: [...].");
            }
        }

        if (missing.Count > 0)
        {
            throw Wrong(
                $"{settings.TableTitle} lacks {(missing.Count == 1 ? "the column" : "the columns")} {string.Join(", ", missing)}.",
                $"Add: {string.Join(' ', missing.Select(name => table.AddColumn(name, FormOf(name, there))))}"
                    + (settings.Columns.Count == 0 && settings.Collection is not null
                        ? " Or list the columns to keep the same: columns: [...]; the others then stay as they are."
                        : ""));
        }
    }

    private static EditableColumn Column(TwoWaySettings settings, EditableColumn column) => column switch
    {
        { IsComputed: true } => throw Wrong(
            $"The database computes {column.Name} of {settings.TableTitle}, so that it can't be written.", "Leave it out of columns."),
        { Form: JsonForm.Bytes } => throw Wrong(
            $"{column.Name} of {settings.TableTitle} holds bytes, which JSON can't hold.", "List the columns to keep the same: columns: [...]."),
        _ when settings.Collection is null => column with { Form = JsonForm.Trimmed },
        _ => column,
    };

    // What all values are that are there.
    private static JsonForm FormOf(string name, IReadOnlyList<JsonObject> there)
    {
        var values = there.Select(row => row[name]).OfType<JsonNode>().ToList();
        return values.Count == 0 ? JsonForm.Text
            : values.TrueForAll(IsWhole) ? JsonForm.Number
            : values.TrueForAll(value => value.GetValueKind() == JsonValueKind.Number) ? JsonForm.Double
            : values.TrueForAll(value => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False) ? JsonForm.Flag
            : values.TrueForAll(value => value.GetValueKind() == JsonValueKind.String) ? JsonForm.Text
            : JsonForm.Json;
    }

    private static bool IsWhole(JsonNode value) => value.GetValueKind() == JsonValueKind.Number && long.TryParse(
        value.ToJsonString(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out _);

    private static SluiceException Wrong(string problem, string? hint) =>
        new(SluiceErrorKind.Config, $"{char.ToUpperInvariant(problem[0])}{problem[1..]} Nothing was changed.", hint);
}
