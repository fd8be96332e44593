using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>The requests that together give the whole of a resource.</summary>
internal static class RequestVariants
{
    /// <summary>The variants one by one; a single null when one request is enough.</summary>
    public static IReadOnlyList<RequestVariant?> Of(Resource resource)
    {
        if (resource.Variants.Count > 0)
        {
            return resource.Variants;
        }

        return [null];
    }
}
