using Xunit;

namespace Sluice.Tests.Spool;

/// <summary>Tests that measure the process run when no other does.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
