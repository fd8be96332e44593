using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>Names a parent's walk, for the manifest and for people.</summary>
internal static class ParentKey
{
    public static string Of(Resource resource, ParentRow row) =>
        string.Join('/', resource.Parent!.Route.Values.Select(column => row.Text(column)));

    /// <summary>The parent of a walk that is named after it, with the variant and the window behind.</summary>
    public static string OfWalk(string walk) => walk[..walk.LastIndexOf('/', walk.LastIndexOf('/') - 1)];

    /// <summary>What the report says of a parent that Customer.io no longer has.</summary>
    public static string Gone(Resource resource, ParentRow row, CustomerIoException error) =>
        $"{resource.Parent!.Resource} {Of(resource, row)} is gone: {error.Endpoint} answered 404";
}
