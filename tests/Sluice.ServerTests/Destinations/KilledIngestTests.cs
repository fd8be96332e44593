namespace Sluice.ServerTests.Destinations;

public sealed class KilledDuckDbIngestTests() : KilledIngest("duckdb", seed: 1);

public sealed class KilledPostgresIngestTests() : KilledIngest("postgresql", seed: 2);
