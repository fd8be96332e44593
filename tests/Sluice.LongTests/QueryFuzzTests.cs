using Sluice.Tests.Sql;
using Xunit;

namespace Sluice.LongTests;

public sealed class QueryFuzzTests
{
    private const int Queries = 1000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1000, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Random_queries_answer_as_over_all_rows(int seed) =>
        TestContext.Current.TestOutputHelper?.WriteLine(await QueryFuzz.RunAsync(seed, Queries));
}
