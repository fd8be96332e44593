using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>What all walks of a run share.</summary>
/// <param name="Client">The one client, with the one budget.</param>
/// <param name="Parallelism">Walks of one feed that may wait for an answer at the same time.</param>
internal sealed record ExtractContext(CustomerIoClient Client, int Parallelism)
{
    /// <summary>The clock for waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public PageReader Pages { get; } = new(Client);

    public ParallelOptions Options(CancellationToken cancel) => new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel };
}
