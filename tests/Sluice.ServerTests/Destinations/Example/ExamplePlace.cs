using Sluice.Destinations;
using Sluice.Engine.Load;

namespace Sluice.ServerTests.Destinations.Example;

/// <summary>An Example file that is not there yet.</summary>
internal sealed class ExamplePlace : DestinationPlace
{
    // What would be the line in the registry, if Example were a destination of the product's.
    private static readonly DestinationKind Kind = new(
        ["example"],
        "example:///customerio.example",
        async (uri, cancel) => await ExampleDestination.OpenAsync(uri, cancel),
        uri => FileAddress.Parse(uri, ".example").Path,
        PathKind.File);

    public override string Uri => $"example:///{Path.Combine(Folder, "out.example")}";

    public override bool HasModels => Kind.HasModels;

    public override Task<IDestination> OpenAsync(string uri, CancellationToken cancel) => Kind.OpenAsync(uri, cancel);
}
