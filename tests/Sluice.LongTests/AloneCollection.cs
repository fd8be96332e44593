using Xunit;

namespace Sluice.LongTests;

/// <summary>Tests that measure the process run when no other does.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
