using System.Text;
using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Sql.Planning;
using Sluice.Sql.Tables;

namespace Sluice.Sql.Fetching;

/// <summary>The attributes of people of which it is known that somebody has them. The API lists none: its people search tells of a name.</summary>
/// <param name="client">The way to the workspace.</param>
internal sealed class AttributeNames(CustomerIoClient client)
{
    private const int PeopleAsked = 100;
    private const int MostNamed = 10;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Asks whether anybody has the attributes that a query names; gives what that has cost, or null.</summary>
    /// <param name="database">The query, with the names.</param>
    /// <param name="cache">What earlier commands have found out; null for nothing.</param>
    /// <param name="isWrite">Whether it changes something.</param>
    /// <param name="cancel">Stops between requests.</param>
    /// <exception cref="SluiceException">Nobody has one: a column that is neither a table's nor anybody's attribute is a mistake.</exception>
    public async Task<QueryStep?> RequireAsync(QueryDatabase database, FragmentCache? cache, bool isWrite, CancellationToken cancel)
    {
        var people = database.Tables.People;
        var (requests, missing) = await FindAsync(people, cache, cancel);
        if (missing.Count > 0)
        {
            throw isWrite ? await UnknownAsync(people, missing[0], cancel) : new SluiceException(
                SluiceErrorKind.Config, database.WithoutAttributes[missing[0]].Message, $"Nobody has an attribute {missing[0]}, either.");
        }

        return requests == 0 ? null : new QueryStep(people.Name, $"whether anybody has {string.Join(" and ", people.Attributes)}")
        {
            Requests = requests,
        };
    }

    // A misspelt name would make a new attribute of everybody whom the statement changes.
    private async Task<SluiceException> UnknownAsync(LiveTable people, string name, CancellationToken cancel)
    {
        var seen = await SeenAsync(people.Resource, cancel);
        var near = Suggestion.For(name, [.. people.Columns.Select(column => column.Name).Except(people.Attributes), .. seen])
            ?? (seen.Count == 0 ? "" : $"People have {string.Join(", ", seen.Take(MostNamed))}{(seen.Count > MostNamed ? " and others" : "")}.");
        return new SluiceException(
            SluiceErrorKind.Config,
            $"{people.Name} has no column {name}, and nobody has an attribute of that name: nothing was sent.",
            $"{near} A new attribute is set by the column attributes, a JSON object.".TrimStart());
    }

    private async Task<IReadOnlyList<string>> SeenAsync(Resource people, CancellationToken cancel)
    {
        try
        {
            var search = ConfiguredResource.With(people with { PageSize = PeopleAsked }, OptionValues.None, WhereFilter.None);
            var found = await FirstAsync(RequestBuilder.Build(search, ParentRow.None), RequestBuilder.ShapeOf(search), cancel);
            var ids = new JsonObject { ["ids"] = new JsonArray([.. found.Select(person => person["cio_id"]?.DeepClone())]) };
            var request = ApiRequest.Search("/v1/customers/attributes", Encoding.UTF8.GetBytes(ids.ToJsonString())).WithQuery("id_type", "cio_id");
            var known = await FirstAsync(request, new PageShape { RootKeys = ["customers"], ItemKey = "customer" }, cancel);
            return
            [
                .. known.SelectMany(person => (person["attributes"] as JsonObject ?? []).Select(attribute => attribute.Key))
                    .Where(name => name.Length > 0 && char.IsLetter(name[0])).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ];
        }
        catch (CustomerIoException)
        {
            // The mistake is told without candidates.
            return [];
        }
    }

    private async Task<IReadOnlyList<JsonObject>> FirstAsync(ApiRequest request, PageShape shape, CancellationToken cancel)
    {
        await foreach (var page in new PageReader(client).ReadAsync(request, shape, cancel: cancel))
        {
            return [.. Enumerable.Range(0, page.Records.Count).Select(place => JsonNode.Parse(page.Record(place).Span)).OfType<JsonObject>()];
        }

        return [];
    }

    /// <summary>Makes sure that somebody has each attribute: one request for all of them, and one for each if nobody has all.</summary>
    /// <param name="people">The table of people.</param>
    /// <param name="cache">What earlier commands have found out; null for nothing.</param>
    /// <param name="cancel">Stops between requests.</param>
    /// <returns>The requests, and the attributes that nobody has.</returns>
    private async Task<(long Requests, IReadOnlyList<string> Missing)> FindAsync(LiveTable people, FragmentCache? cache, CancellationToken cancel)
    {
        var names = people.Attributes.Where(name => !_known.Contains(name) && cache?.Knows(KeyOf(name)) != true).ToList();
        if (names.Count == 0)
        {
            return (0, []);
        }

        var (requests, missing) = (1L, new List<string>());
        if (!await HasAnybodyAsync(people.Resource, names, cancel))
        {
            foreach (var name in names)
            {
                if (names.Count == 1 || !await HasAnybodyAsync(people.Resource, [name], cancel))
                {
                    missing.Add(name);
                }
            }

            requests += names.Count == 1 ? 0 : names.Count;
        }

        foreach (var name in names.Except(missing, StringComparer.Ordinal))
        {
            _known.Add(name);
            cache?.Note(KeyOf(name));
        }

        return (requests, missing);
    }

    private async Task<bool> HasAnybodyAsync(Resource people, IReadOnlyList<string> names, CancellationToken cancel)
    {
        var filter = SearchFilter.All([.. names.Select(name => SearchFilter.Present(name, name))])!;
        var search = ConfiguredResource.With(people with { PageSize = 1 }, OptionValues.None.With("filter", filter.Text), WhereFilter.None);
        try
        {
            return (await FirstAsync(RequestBuilder.Build(search, ParentRow.None), RequestBuilder.ShapeOf(search), cancel)).Count > 0;
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }
    }

    private static string KeyOf(string name) => $"attribute|{name}";
}
