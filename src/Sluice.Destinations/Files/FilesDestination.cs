using System.Data.Common;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Files;

/// <summary>Tables as folders of files, on this machine or in an object store.</summary>
internal sealed class FilesDestination(IFileStore store, FileSettings settings) : IDestination
{
    private readonly string _scratch = Path.Combine(Path.GetTempPath(), $"sluice-files-{Guid.NewGuid():N}");
    private int _readers;

    public string Name => store.Name;

    public Task<string> CheckAsync(CancellationToken cancel) => store.CheckAsync(cancel);

    public ISystemTables SystemTables(string schema) => new FilesBooks(store, schema, Path.Combine(_scratch, "books"));

    public Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel) =>
        new TableReading(store, settings, Path.Combine(_scratch, $"reader-{Interlocked.Increment(ref _readers)}")).OpenAsync(schema, table, orderBy, cancel);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        if (Directory.Exists(_scratch))
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }

    public Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel) =>
        Task.FromResult<ITargetWriter>(new FilesPublisher(store.Table(target.Schema, target.Table), target, settings));
}
