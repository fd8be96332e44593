using System.Data.Common;
using Sluice.Engine;

namespace Sluice.Destinations.Relational;

/// <summary>A database with book-keeping tables.</summary>
internal interface IBookPlace
{
    /// <summary>What it says differently.</summary>
    SqlWords Words { get; }

    /// <summary>Opens a connection to look with.</summary>
    Task<Session> OpenAsync(CancellationToken cancel);

    /// <summary>Opens a connection and begins a transaction to write in.</summary>
    Task<Session> BeginAsync(CancellationToken cancel);

    /// <summary>Says an error in words that tell what to do.</summary>
    /// <param name="doing">What was being done, such as "Writing customerio.messages".</param>
    /// <param name="error">What the driver said.</param>
    SluiceException Explain(string doing, DbException error);
}
