using DuckDB.NET.Data;
using Sluice.Engine;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Staging;

/// <summary>
/// A DuckDB file in the work folder that holds rows until they are published. It survives a killed run, so that nothing is shaped twice, and is
/// removed when nothing waits in it.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly InterruptibleConnection _connection;
    private readonly string _path;

    private Stage(string path, InterruptibleConnection connection)
    {
        _path = path;
        _connection = connection;
    }

    /// <summary>Opens the folder's stage, and makes it when there is none.</summary>
    public static async Task<Stage> OpenAsync(string folder, CancellationToken cancel)
    {
        var path = Path.Combine(folder, "stage.duckdb");
        InterruptibleConnection? connection = null;
        try
        {
            Directory.CreateDirectory(folder);
            connection = new InterruptibleConnection(DuckDbSettings.ConnectionString(path));
            await connection.OpenAsync(cancel);
            return new Stage(path, connection);
        }
        catch (DuckDBException error)
        {
            await connection!.DisposeAsync();
            throw DuckDbErrors.Opening(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"The work folder {Path.GetFullPath(folder)} can't be written: {error.Message}", "Name another one in SLUICE_HOME.", error);
        }
    }

    /// <summary>Opens a further connection.</summary>
    public DuckDBConnection Connect() => _connection.Duplicate();

    public async ValueTask DisposeAsync()
    {
        var waiting = await _connection.ScalarAsync("SELECT count(*) FROM duckdb_tables() WHERE starts_with(table_name, '_sluice_new_')", CancellationToken.None);
        await _connection.DisposeAsync();
        if (waiting == 0)
        {
            File.Delete(_path);
            File.Delete(_path + ".wal");
        }
    }
}
