using Xunit;

namespace Sluice.ServerTests.Destinations;

public sealed class KilledDuckDbIngestTests() : KilledIngest("duckdb", seed: 1);

// What a kill leaves in a server is told by its compliance in minutes, too: a crash before the commit, a cut connection, a cancelled commit.
[Trait("length", "long")]
public sealed class KilledPostgresIngestTests() : KilledIngest("postgresql", seed: 2);
