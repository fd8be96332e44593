using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads <c>two_way</c>: tables that are kept the same as collections or snippets.</summary>
internal sealed class TwoWayReader(
    PipelineContext around, IReadOnlyList<PipelineWorkspace> workspaces, IReadOnlyList<PipelineDestination> destinations, PipelineErrors mistakes)
{
    private const string Collection = "collection:";

    private static readonly string[] NotOfSnippets = ["key", "columns"];

    /// <summary>Gives all that can be read.</summary>
    public IEnumerable<PipelineTwoWay> ReadAll(Section? all) => (all?.Entries ?? [])
        .Where(entry => entry.Value is YamlMap)
        .Select(entry => Read(entry.Name, new Section((YamlMap)entry.Value)))
        .OfType<PipelineTwoWay>();

    private PipelineTwoWay? Read(string name, Section said)
    {
        var workspace = One(said, "workspace", workspaces, one => one.Name, name);
        var database = One(said, "database", destinations, one => one.Name, name);
        if (database?.Uri is { } uri)
        {
            var found = new ValidationErrors();
            found.Collect(
                () =>
                {
                    around.RequireTables(uri);
                    return true;
                },
                false);
            mistakes.Take(found, _ => said.PlaceOf("database"));
        }

        var with = said.Text("with");
        var collection = with?.StartsWith(Collection, StringComparison.Ordinal) == true ? with[Collection.Length..] : null;
        CheckWith(said, with, collection);
        CheckKey(said, collection);
        CheckPreference(said, collection);
        return workspace is null || database is null || said.Text("table") is not { } table ? null : new PipelineTwoWay
        {
            Name = name,
            Workspace = workspace,
            Database = database,
            Table = table,
            Collection = collection,
            Key = collection is null ? ["name"] : said.Texts("key"),
            Columns = collection is null ? ["value"] : said.Texts("columns"),
            Prefer = said.Text("prefer"),
            ChangedAt = said.Text("changed_at"),
            Deletes = said.IsOn("deletes"),
            MostDeletes = said.Text("max_deletes"),
        };
    }

    private void CheckWith(Section said, string? with, string? collection)
    {
        if (with is not null && with != "snippets" && collection is null or "")
        {
            mistakes.Add(
                said.PlaceOf("with"), $"with can't be '{with}'.", Suggestion.For(with!, ["snippets"]) ?? "Write collection:NAME, or snippets.");
        }
    }

    private void CheckKey(Section said, string? collection)
    {
        if (collection is not null && !said.Has("key"))
        {
            mistakes.Add(said.Place, "The key key is missing: the rows of a collection have no key of their own.", "Add for example: key: [sku]");
        }

        foreach (var key in NotOfSnippets.Where(key => said.Text("with") == "snippets" && said.Has(key)))
        {
            mistakes.Add(said.PlaceOf(key), $"Snippets take no {key}: they are paired by name, and have a value.", $"Leave {key} out.");
        }
    }

    // Of a collection the API knows when it was changed as a whole, of no row.
    private void CheckPreference(Section said, string? collection)
    {
        var isNewest = said.Text("prefer") == "newest";
        if (isNewest && collection is not null)
        {
            mistakes.Add(
                said.PlaceOf("prefer"),
                "prefer can't be newest for a collection: Customer.io does not tell when a row of it was changed.",
                "Write prefer: database or prefer: customerio, or leave it out, and conflicts are listed.");
        }
        else if (isNewest && !said.Has("changed_at"))
        {
            mistakes.Add(said.PlaceOf("prefer"), "prefer: newest needs the table's column of times.", "Add for example: changed_at: edited_at");
        }
        else if (!isNewest && said.Has("changed_at"))
        {
            mistakes.Add(said.PlaceOf("changed_at"), "changed_at is for prefer: newest.", "Leave it out, or write prefer: newest.");
        }
    }

    private T? One<T>(Section said, string key, IReadOnlyList<T> all, Func<T, string> nameOf, string name)
        where T : class
    {
        var names = string.Join(", ", all.Select(nameOf));
        if (said.Text(key) is { } wanted)
        {
            var found = all.FirstOrDefault(one => nameOf(one) == wanted);
            if (found is null)
            {
                mistakes.Add(
                    said.PlaceOf(key),
                    $"There is no {(key == "database" ? "destination" : key)} '{wanted}'.",
                    Suggestion.For(wanted, all.Select(nameOf)) ?? (names.Length == 0 ? "None is defined." : $"There are {names}."));
            }

            return found;
        }

        if (!said.Has(key) && all.Count > 1)
        {
            mistakes.Add(said.Place, $"{name} does not say which {key} it is about.", $"Add {key}: with one of {names}.");
        }

        return !said.Has(key) && all is [var only] ? only : null;
    }
}
