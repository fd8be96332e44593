using System.Data.Common;
using Sluice.Destinations.Relational;
using Sluice.DuckDb;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.DuckDb;

/// <summary>Further connections to a DuckDB file, for its book-keeping tables.</summary>
internal sealed class DuckDbBookPlace(DuckDBConnection connection, string path) : IBookPlace
{
    public SqlWords Words { get; } = new DuckDbWords(connection.Database);

    public async Task<Session> OpenAsync(CancellationToken cancel)
    {
        var session = new Session(connection.Duplicate(), Words);
        try
        {
            await session.RunAsync(DuckDbSettings.Session, cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task<Session> BeginAsync(CancellationToken cancel)
    {
        if (!File.Exists(path))
        {
            throw DuckDbErrors.Removed(path);
        }

        var session = await OpenAsync(cancel);
        try
        {
            await session.BeginAsync(cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public SluiceException Explain(string doing, DbException error) => DuckDbErrors.Doing(doing, (DuckDBException)error);
}
