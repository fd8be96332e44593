using System.Data.Common;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Staging;

/// <summary>A destination whose rows wait in the work folder until they are complete, and are then published in one go.</summary>
internal abstract class StagedDestination : IDestination
{
    private readonly SemaphoreSlim _opening = new(1);
    private Stage? _stage;

    public abstract string Name { get; }

    public abstract Task<string> CheckAsync(CancellationToken cancel);

    public async Task<ITableLoad> BeginLoadAsync(LoadTarget target, CancellationToken cancel)
    {
        var stage = await StageAsync(target.StageFolder, cancel);
        var publisher = await PublisherAsync(target, cancel);
        var connection = stage.Connect();
        try
        {
            return await StagedLoad.BeginAsync(connection, target, publisher, cancel);
        }
        catch
        {
            await publisher.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    public abstract IBooks Books(string schema);

    public abstract Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel);

    public virtual async ValueTask DisposeAsync()
    {
        if (_stage is not null)
        {
            await _stage.DisposeAsync();
        }

        _opening.Dispose();
    }

    /// <summary>Gives what brings one table's rows to the destination, with the book-keeping tables of its schema in place.</summary>
    protected abstract Task<ITablePublisher> PublisherAsync(LoadTarget target, CancellationToken cancel);

    private async Task<Stage> StageAsync(string folder, CancellationToken cancel)
    {
        await _opening.WaitAsync(cancel);
        try
        {
            return _stage ??= await Stage.OpenAsync(folder, cancel);
        }
        finally
        {
            _opening.Release();
        }
    }
}
