using Xunit;

namespace Sluice.Tests.Sql;

public sealed class QueryFuzzTests
{
    [Fact]
    public async Task Random_queries_answer_as_over_all_rows() => TestContext.Current.TestOutputHelper?.WriteLine(await QueryFuzz.RunAsync(1, 300));
}
