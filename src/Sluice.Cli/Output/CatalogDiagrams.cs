using System.Text;
using Sluice.Engine.Catalog;

namespace Sluice.Cli.Output;

/// <summary>How the catalog's tables lead to each other, as diagrams of Mermaid for <c>docs/concepts.md</c>.</summary>
internal static class CatalogDiagrams
{
    private static readonly (string Title, string[] Roots, bool WithOthers)[] Sections =
    [
        ("People", ["customers", "segments", "subscription_topics", "optouts"], false),
        ("Campaigns", ["campaigns"], false),
        ("Broadcasts", ["broadcasts"], false),
        ("Newsletters", ["newsletters"], false),
        ("Transactional messages", ["transactional_messages"], false),
        ("Deliveries", ["messages", "customer_messages"], true),
        ("Activities", ["activities", "customer_activities"], true),
        ("Objects", ["object_types"], false),
        ("Collections and senders", ["collections", "sender_identities"], false),
    ];

    public static string Write(ResourceCatalog catalog)
    {
        var text = new StringBuilder();
        var drawn = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (title, roots, withOthers) in Sections)
        {
            var tables = catalog.Resources.Where(resource => roots.Contains(RootOf(resource, catalog), StringComparer.Ordinal)).ToList();
            drawn.UnionWith(tables.Select(table => table.Name));
            text.Append($"### {title}\n\n```mermaid\nerDiagram\n");
            Append(text, tables, withOthers, catalog);
            text.Append("```\n\n");
        }

        var others = catalog.Resources.Where(resource => !drawn.Contains(resource.Name)).Select(resource => $"`{resource.Name}`");
        return text.Append($"Nothing leads to or from {string.Join(", ", others)}.\n").ToString();
    }

    private static string RootOf(Resource resource, ResourceCatalog catalog) =>
        resource.Parent is { } parent ? RootOf(catalog.Find(parent.Resource)!, catalog) : resource.Name;

    private static void Append(StringBuilder text, List<Resource> tables, bool withOthers, ResourceCatalog catalog)
    {
        var inside = tables.ToHashSet();
        var links = tables.SelectMany(table => LinksOf(table, catalog)).Where(link => withOthers || inside.Contains(link.To)).ToList();
        foreach (var table in tables.Concat(links.Select(link => link.To)).Distinct())
        {
            var leading = LinksOf(table, catalog).SelectMany(link => link.Columns).ToHashSet(StringComparer.Ordinal);
            text.Append($"  {table.Name} {{\n");
            foreach (var column in table.Columns.Where(column => IsShown(table, column, leading, inside)))
            {
                string[] marks = [.. Mark(table.PrimaryKey.Contains(column.Name), "PK"), .. Mark(leading.Contains(column.Name), "FK")];
                text.Append($"    {CatalogWords.Type(column.Type)} {column.Name} {string.Join(", ", marks)}\n");
            }

            text.Append("  }\n");
        }

        foreach (var link in links)
        {
            text.Append($"  {link.To.Name} {link.Kind} {link.From.Name} : \"{string.Join(", ", link.Columns)}\"\n");
        }
    }

    // Of a table that another section draws, the key is enough.
    private static bool IsShown(Resource table, Column column, HashSet<string> leading, HashSet<Resource> inside) =>
        table.PrimaryKey.Contains(column.Name) || (inside.Contains(table) && leading.Contains(column.Name));

    private static IEnumerable<string> Mark(bool isMarked, string mark) => isMarked ? [mark] : [];

    private static IEnumerable<Link> LinksOf(Resource table, ResourceCatalog catalog)
    {
        var parent = table.Parent is { } binding ? catalog.Find(binding.Resource) : null;
        var ofParent = parent is null ? [] : parent.PrimaryKey.Select(key => NameOf(key, table)).OfType<string>().ToList();
        if (ofParent.Count > 0)
        {
            var isOne = table.Batch is not null || table.PrimaryKey.All(ofParent.Contains);
            yield return new Link(table, parent!, ofParent, isOne ? "||--o|" : "||--o{");
        }

        foreach (var column in table.Columns.Where(column => !ofParent.Contains(column.Name)))
        {
            if (NamedBy(column.Name, catalog) is { } named && named != table && !IsAbove(named, table, catalog))
            {
                yield return new Link(table, named, [column.Name], table.PrimaryKey.Contains(column.Name) ? "||--o{" : "|o--o{");
            }
        }
    }

    // What leads to an action leads to its campaign.
    private static bool IsAbove(Resource above, Resource table, ResourceCatalog catalog) =>
        table.Parent is { } parent && (parent.Resource == above.Name || IsAbove(above, catalog.Find(parent.Resource)!, catalog));

    // The parent's own name for its key goes before others that hold the same.
    private static string? NameOf(string key, Resource table)
    {
        var parent = table.Parent!;
        var ofParent = $"{parent.Resource[(parent.Resource.LastIndexOf('_') + 1)..^1]}_{key}";
        return table.Columns.Select(column => column.Name)
            .Where(name => name == key ? key != "id" : name == ofParent || parent.Columns.GetValueOrDefault(name) == key)
            .OrderBy(name => name != key).ThenBy(name => name != ofParent).FirstOrDefault();
    }

    /// <summary>What a column's name says it leads to: campaign_id to campaigns, topic_id to subscription_topics, cio_id to customers.</summary>
    private static Resource? NamedBy(string column, ResourceCatalog catalog)
    {
        const string End = "_id";
        if (!column.EndsWith(End, StringComparison.Ordinal))
        {
            return null;
        }

        var plural = column[..^End.Length] + "s";
        var roots = catalog.Resources
            .Where(one => one.Parent is null && one.PrimaryKey.Count == 1 && one.Reading != ReadingKind.Export).ToList();
        return roots.Find(one => one.PrimaryKey[0] == column)
            ?? roots.Find(one => one.PrimaryKey[0] == "id" && (one.Name == plural || one.Name == $"subscription_{plural}"));
    }

    /// <summary>Rows of one table that name a row of another.</summary>
    /// <param name="From">The table that names.</param>
    /// <param name="To">The table that is named.</param>
    /// <param name="Columns">The columns that name it.</param>
    /// <param name="Kind">How many rows of the one go with how many of the other, in Mermaid's letters.</param>
    private sealed record Link(Resource From, Resource To, IReadOnlyList<string> Columns, string Kind);
}
