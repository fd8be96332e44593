using System.Data.Common;
using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations;

/// <summary>What a destination's identity is the path of.</summary>
internal enum PathKind
{
    /// <summary>It is no path.</summary>
    None,

    /// <summary>One file.</summary>
    File,

    /// <summary>One folder.</summary>
    Folder,
}

/// <summary>How rows are put apart by columns, for destinations that do.</summary>
/// <param name="Add">Adds to an address the columns, as <c>created_at:month,updated_at</c>.</param>
/// <param name="Columns">The columns that an address says.</param>
internal sealed record Partitioning(Func<string, string, string> Add, Func<string, IReadOnlyList<string>> Columns);

/// <summary>One kind of destination, as the registry knows it.</summary>
/// <param name="Schemes">What its addresses begin with, the usual scheme first; all are shown.</param>
/// <param name="Example">An address to learn from.</param>
/// <param name="OpenAsync">Opens the destination of an address.</param>
/// <param name="Identity">Gives what makes an address the same destination, whatever it is called by; without password.</param>
/// <param name="Path">What the identity is the path of.</param>
/// <param name="Partitions">How its rows are put apart; null when they are not.</param>
/// <param name="Tables">How long the names of its tables may be; null for any length.</param>
/// <param name="DatabaseAsync">Opens the database of an address, to read or to write; null for what has no transactions.</param>
/// <param name="QueryAsync">Asks what has none with SQL and hands out the rows; null for what can't be asked.</param>
/// <param name="OfRun">Names its connections after a run, whose id follows the address; null where connections have no names.</param>
/// <param name="HasModels">Whether models can be made in it: views upon its tables.</param>
internal sealed record DestinationKind(
    IReadOnlyList<string> Schemes,
    string Example,
    Func<string, CancellationToken, Task<IDestination>> OpenAsync,
    Func<string, string> Identity,
    PathKind Path = PathKind.None,
    Partitioning? Partitions = null,
    NameLimit? Tables = null,
    Func<string, bool, CancellationToken, Task<RelationalDatabase>>? DatabaseAsync = null,
    Func<string, string, Func<DbDataReader, Task>, CancellationToken, Task>? QueryAsync = null,
    Func<string, string, string>? OfRun = null,
    bool HasModels = false)
{
    /// <summary>Whether it can be asked with SQL.</summary>
    public bool CanBeAsked => DatabaseAsync is not null || QueryAsync is not null;
}
