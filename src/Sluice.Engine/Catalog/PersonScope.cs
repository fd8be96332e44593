namespace Sluice.Engine.Catalog;

/// <summary>A resource that lists everybody's records, asked for single people instead, whom the user has named.</summary>
public static class PersonScope
{
    private const string Parameter = "customer_id";

    /// <summary>The resource as it is asked for when a column names the people; the resource itself when it can't be.</summary>
    public static Resource With(Resource resource, string column)
    {
        if (resource is not { PersonPath: { } path, PersonParent: { } people, Parent: null } || Identifier(column) is not { } identifier)
        {
            return resource;
        }

        return resource with
        {
            Path = path,
            Reading = ReadingKind.PerParent,
            SharedWith = null,
            RowFilter = null,
            Query = new Dictionary<string, string>(resource.Query, StringComparer.Ordinal) { ["id_type"] = identifier },
            Parent = new ParentBinding
            {
                Resource = people,
                Route = new Dictionary<string, string>(StringComparer.Ordinal) { [Parameter] = identifier },
                Columns =
                    identifier == "cio_id"
                        ? new Dictionary<string, string>(StringComparer.Ordinal) { ["cio_id"] = "cio_id" }
                        : new Dictionary<string, string>(StringComparer.Ordinal),
            },
        };
    }

    /// <summary>The same, by the conditions that name the people.</summary>
    public static Resource With(Resource resource, WhereFilter where) =>
        resource.PersonParent is { } people && where.On(people) is [{ } only, ..] ? With(resource, only.Column) : resource;

    private static string? Identifier(string column) => column switch
    {
        "cio_id" or "email" => column,
        "customer_id" or "id" => "id",
        _ => null,
    };
}
