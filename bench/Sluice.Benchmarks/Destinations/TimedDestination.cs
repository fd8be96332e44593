using System.Data.Common;
using Sluice.Engine.Load;

namespace Sluice.Benchmarks.Destinations;

/// <summary>Takes the time of what a destination does itself with rows that are staged.</summary>
internal sealed class TimedDestination(IDestination inner) : IDestination
{
    /// <summary>What looking for duplicates and counting cost, which is the same for every destination; null until a load is committed.</summary>
    public Cost? Preparing { get; set; }

    /// <summary>What it cost to bring the rows to the destination and commit them; null until that is done.</summary>
    public Cost? Publishing { get; set; }

    public string Name => inner.Name;

    public Task<string> CheckAsync(CancellationToken cancel) => inner.CheckAsync(cancel);

    public async Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel) =>
        new TimedWriter(await inner.OpenWriterAsync(target, cancel), this);

    public ISystemTables SystemTables(string schema) => inner.SystemTables(schema);

    public Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel) =>
        inner.ReadTableAsync(schema, table, orderBy, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
