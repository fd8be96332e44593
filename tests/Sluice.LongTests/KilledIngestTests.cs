using Sluice.ServerTests.Destinations;

namespace Sluice.LongTests;

public sealed class KilledAzureIngestTests() : KilledIngest("azblob", seed: 4);

public sealed class KilledClickHouseIngestTests() : KilledIngest("clickhouse", seed: 5);

public sealed class KilledCsvIngestTests() : KilledIngest("csv", seed: 6);

public sealed class KilledJsonlIngestTests() : KilledIngest("jsonl", seed: 7);

public sealed class KilledMySqlIngestTests() : KilledIngest("mysql", seed: 10);

public sealed class KilledParquetIngestTests() : KilledIngest("parquet", seed: 8);

public sealed class KilledS3IngestTests() : KilledIngest("s3", seed: 3);

public sealed class KilledSqliteIngestTests() : KilledIngest("sqlite", seed: 9);
