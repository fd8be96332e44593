using Sluice.Engine.Load;

namespace Sluice.Destinations;

/// <summary>One kind of destination, as the registry knows it.</summary>
/// <param name="Schemes">What its addresses begin with, the usual scheme first; all are shown.</param>
/// <param name="Example">An address to learn from.</param>
/// <param name="OpenAsync">Opens the destination of an address.</param>
/// <param name="Identity">Gives what makes an address the same destination, whatever it is called by; without password.</param>
/// <param name="IsFile">Whether the destination is one file, whose path is its identity.</param>
/// <param name="IsFolder">Whether it is one folder, whose path is its identity.</param>
internal sealed record DestinationKind(
    IReadOnlyList<string> Schemes, string Example, Func<string, CancellationToken, Task<IDestination>> OpenAsync, Func<string, string> Identity, bool IsFile = false, bool IsFolder = false);
