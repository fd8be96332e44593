using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Finds people by the kind of identifier that a request names.</summary>
internal static class PersonLookup
{
    private static readonly string[] Kinds = ["id", "email", "phone", "cio_id"];

    /// <summary>The person of the path; null when the path was not encoded and an empty list has been answered.</summary>
    public static long? OfPath(Exchange exchange, string emptyRoot)
    {
        if (exchange.IsUnencoded("customer_id"))
        {
            exchange.Empty(emptyRoot);
            return null;
        }

        return Find(exchange, exchange.Text("customer_id")) ?? throw new ApiException(404, "customer not found");
    }

    public static long? Find(Exchange exchange, string value) => Find(exchange.World, Kind(exchange), value);

    public static string Kind(Exchange exchange)
    {
        var kind = exchange.OneOf("id_type", Kinds) ?? "id";
        return kind != "phone" || exchange.World.Options.PhoneIdentifiers
            ? kind
            : throw ApiException.Invalid("phone is not an identifier of this workspace");
    }

    public static long? Find(World world, string kind, string value) => kind switch
    {
        "email" => world.People.FindByEmail(value).Select(index => (long?)index).FirstOrDefault(),
        "phone" => world.People.FindByPhone(value),
        "cio_id" => world.People.FindByCioId(value),
        _ => world.People.FindById(value),
    };
}
