using System.Data.Common;
using DuckDB.NET.Data;
using Sluice.Destinations.Relational;
using Sluice.Destinations.Staging;
using Sluice.Engine;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.DuckDb;

/// <summary>Further connections to a DuckDB file, for its book-keeping tables.</summary>
internal sealed class DuckDbBookPlace(InterruptibleConnection connection, string path) : IBookPlace
{
    public SqlWords Words { get; } = new DuckDbWords(connection.Database);

    public Task<Session> OpenAsync(CancellationToken cancel) => Task.FromResult(new Session(connection.Duplicate(), Words));

    public async Task<Session> BeginAsync(CancellationToken cancel)
    {
        if (!File.Exists(path))
        {
            throw DuckDbErrors.Removed(path);
        }

        var session = await OpenAsync(cancel);
        await session.BeginAsync(cancel);
        return session;
    }

    public SluiceException Explain(string doing, DbException error) => DuckDbErrors.Books(doing, (DuckDBException)error);
}
