using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Finds people by the kind of identifier that a request names.</summary>
internal static class PersonLookup
{
    private static readonly string[] Kinds = ["id", "email", "phone", "cio_id"];

    /// <summary>The person in the path; null if the path was not encoded and an empty list has been returned.</summary>
    public static long? OfPath(ApiCall call, string emptyRoot)
    {
        if (call.IsUnencoded("customer_id"))
        {
            call.Empty(emptyRoot);
            return null;
        }

        return Find(call, call.Text("customer_id")) ?? throw new ApiException(404, "customer not found");
    }

    public static long? Find(ApiCall call, string value) => Find(call.World, Kind(call), value);

    public static string Kind(ApiCall call)
    {
        var kind = call.OneOf("id_type", Kinds) ?? "id";
        return kind != "phone" || call.World.Options.PhoneIdentifiers
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
