using System.Data.Common;
using Sluice.Destinations.Relational;
using Sluice.Destinations.Staging;
using Sluice.DuckDb;
using Sluice.Engine;

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
        await session.BeginAsync(cancel);
        return session;
    }

    public SluiceException Explain(string doing, DbException error) => DuckDbErrors.Books(doing, (DuckDBException)error);
}
