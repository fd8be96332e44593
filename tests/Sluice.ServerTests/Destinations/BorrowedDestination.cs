using System.Data.Common;
using Sluice.Engine.Load;

namespace Sluice.ServerTests.Destinations;

/// <summary>Another's destination, which stays open when this one is disposed.</summary>
internal sealed class BorrowedDestination(IDestination owner) : IDestination
{
    public string Name => owner.Name;

    public Task<string> CheckAsync(CancellationToken cancel) => owner.CheckAsync(cancel);

    public Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel) => owner.OpenWriterAsync(target, cancel);

    public ISystemTables SystemTables(string schema) => owner.SystemTables(schema);

    public Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel) =>
        owner.ReadTableAsync(schema, table, orderBy, cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
