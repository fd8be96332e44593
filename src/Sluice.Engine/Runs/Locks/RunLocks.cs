namespace Sluice.Engine.Runs;

/// <summary>The locks of a run that reads several workspaces: one for each, so that no other run writes any of their spools.</summary>
public sealed class RunLocks : IDisposable
{
    private readonly List<RunLock> _locks = [];

    private RunLocks()
    {
    }

    /// <summary>The runs that held a lock before and ended without giving it back.</summary>
    public IEnumerable<LockOwner> Former => _locks.Select(one => one.Former).OfType<LockOwner>();

    /// <summary>Takes all or none.</summary>
    /// <param name="request">The request; its own pair is locked, too.</param>
    /// <param name="workspaces">The workspaces that it reads.</param>
    /// <param name="time">The clock, to tell others since when.</param>
    /// <exception cref="SluiceException">Another run holds one (kind Destination, transient), or the work folder can't be written (kind
    /// Config).</exception>
    public static RunLocks Take(IngestRequest request, IReadOnlyList<Workspace> workspaces, TimeProvider time)
    {
        var taken = new RunLocks();
        try
        {
            // Always in the same order: two runs that take the same ones never wait for each other.
            foreach (
                var pair in workspaces
                    .Select(workspace => workspace.PairId)
                    .Append(request.PairId)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal))
            {
                taken._locks.Add(RunLock.Take(request with { PairId = pair }, time));
            }

            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Gives the locks back.</summary>
    public void Dispose()
    {
        foreach (var one in _locks)
        {
            one.Dispose();
        }
    }
}
