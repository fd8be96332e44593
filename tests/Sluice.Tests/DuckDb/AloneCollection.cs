using Xunit;

namespace Sluice.Tests.DuckDb;

/// <summary>Tests that measure the whole process, and so run when no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "DuckDB, alone";
}
