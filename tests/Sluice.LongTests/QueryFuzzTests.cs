using System.Globalization;
using Sluice.Tests.Sql;
using Xunit;

namespace Sluice.LongTests;

public sealed class QueryFuzzTests
{
    private const int Queries = 1000;

    // SLUICE_FUZZ_SEEDS="1004 1016" runs these alone, as they were printed.
    private static readonly int[] Numbers = Environment.GetEnvironmentVariable("SLUICE_FUZZ_SEEDS") is { Length: > 0 } chosen
        ? [.. chosen.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))]
        : [.. Enumerable.Range(1000, 20)];

    private static readonly SemaphoreSlim Processors = new(Environment.ProcessorCount);

    // The tests of a class run one after another, and a seed takes minutes on one processor: the first test starts all seeds, and each test waits
    // for its own.
    private static readonly Lazy<Dictionary<int, Task<string>>> Runs = new(StartAll);

    public static TheoryData<int> Seeds => [.. Numbers];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Random_queries_answer_as_over_all_rows(int seed) =>
        TestContext.Current.TestOutputHelper?.WriteLine(await Runs.Value[seed]);

    private static Dictionary<int, Task<string>> StartAll()
    {
        // What the first test is, and its end, must not reach the others.
        using var apart = ExecutionContext.SuppressFlow();
        return Numbers.ToDictionary(seed => seed, seed => Task.Run(() => RunAsync(seed)));
    }

    private static async Task<string> RunAsync(int seed)
    {
        await Processors.WaitAsync();
        try
        {
            return await QueryFuzz.RunAsync(seed, Queries);
        }
        finally
        {
            Processors.Release();
        }
    }
}
