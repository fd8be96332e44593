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
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Asks whether anybody has the attributes that a query names; gives what that has cost, or null.</summary>
    /// <exception cref="SluiceException">Nobody has one: a column that is neither a table's nor anybody's attribute is a mistake.</exception>
    public async Task<QueryStep?> RequireAsync(QueryDatabase database, FragmentCache? cache, CancellationToken cancel)
    {
        var people = database.Tables.People;
        var (requests, missing) = await FindAsync(people, cache, cancel);
        if (missing.Count > 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, database.WithoutAttributes[missing[0]].Message, $"Nobody has an attribute {missing[0]}, either.");
        }

        return requests == 0 ? null : new QueryStep(people.Name, $"whether anybody has {string.Join(" and ", people.Attributes)}")
        {
            Requests = requests,
        };
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
            await foreach (
                var page in new PageReader(client).ReadAsync(
                    RequestBuilder.Build(search, ParentRow.None), RequestBuilder.ShapeOf(search), null, cancel))
            {
                return page.Records.Count > 0;
            }
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }

        return false;
    }

    private static string KeyOf(string name) => $"attribute|{name}";
}
