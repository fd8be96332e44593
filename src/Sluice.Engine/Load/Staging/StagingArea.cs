using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;

namespace Sluice.Engine.Load.Staging;

/// <summary>
/// Where the rows of a run wait until they are complete: in the destination itself if it is a DuckDB file, else in a DuckDB file in the work folder.
/// That one survives a killed run, so that nothing is shaped twice, and is removed when nothing waits in it.
/// </summary>
internal sealed class StagingArea(IDestination destination) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private readonly StagingMemory _memory = new();
    private InterruptibleConnection? _connection;
    private string _path = "";

    /// <summary>Begins or goes on with the load of one table.</summary>
    public async Task<StagedLoad> BeginLoadAsync(LoadTarget target, CancellationToken cancel)
    {
        var writer = await destination.OpenWriterAsync(target, cancel);
        var connection = writer.Stage;
        try
        {
            connection ??= (await OpenAsync(target.StageFolder, cancel)).Duplicate();
            await _memory.AddTableAsync(connection, cancel);
            return await StagedLoad.BeginAsync(connection, _memory, target, writer, cancel);
        }
        catch
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            await writer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a load that is to be committed together with another one.</summary>
    public async Task<StagedLoad> BeginBesideAsync(StagedLoad first, LoadTarget target, CancellationToken cancel)
    {
        var writer = await destination.OpenWriterAsync(target, cancel);
        try
        {
            await (writer.Stage?.DisposeAsync() ?? ValueTask.CompletedTask);
            return await first.BeginBesideAsync(target, writer, cancel);
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _opening.Dispose();
        _memory.Dispose();
        if (_connection is null)
        {
            return;
        }

        long waiting;
        await using (_connection)
        {
            waiting = await _connection.ScalarAsync(
                $"SELECT count(*) FROM duckdb_tables() WHERE starts_with(table_name, '{StagingSql.Prefix}')", CancellationToken.None);
        }

        if (waiting == 0)
        {
            File.Delete(_path);
            File.Delete(_path + ".wal");
        }
    }

    private async Task<InterruptibleConnection> OpenAsync(string folder, CancellationToken cancel)
    {
        await _opening.WaitAsync(cancel);
        try
        {
            return _connection ??= await ConnectAsync(folder, cancel);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<InterruptibleConnection> ConnectAsync(string folder, CancellationToken cancel)
    {
        _path = Path.Combine(folder, "stage.duckdb");
        try
        {
            Directory.CreateDirectory(folder);
            return await DuckDbSettings.OpenAsync(_path, cancel);
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Opening(_path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The work folder {Path.GetFullPath(folder)} can't be written: {error.Message}",
                "Name another one in SLUICE_HOME.",
                error);
        }
    }
}
