using Sluice.ServerTests.Destinations;
using Xunit;

namespace Sluice.LongTests;

[Collection(nameof(AloneCollection))]
public sealed class MillionRowsTests : ManyRows
{
    // DuckDB may use 160 MB to shape and stage; the rest is for the destination's own buffers. The rows as JSON alone have 140 MB.
    private const long MostBytes = 350L * 1024 * 1024;

    public static TheoryData<string> Kinds => Places.All;

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_million_rows_pass_with_flat_memory(string kind) => AssertFlatMemoryAsync(kind, 1_000_000, MostBytes);
}
