using Xunit;

namespace Sluice.ServerTests.Destinations;

/// <summary>As many rows as a test of seconds can have; the long tests take a million into every destination.</summary>
[Collection(nameof(AloneCollection))]
public sealed class ManyRowsTests : ManyRows
{
    [Theory]
    [InlineData("duckdb")]
    [InlineData("parquet")]
    public Task Two_hundred_thousand_rows_pass_with_flat_memory(string kind) => AssertFlatMemoryAsync(kind, 200_000, 250L * 1024 * 1024);
}
