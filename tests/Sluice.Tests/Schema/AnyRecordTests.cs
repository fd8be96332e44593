using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.Tests.Shape.ShapeBench;

namespace Sluice.Tests.Schema;

public sealed class AnyRecordTests
{
    internal static readonly Resource Things = Table(
        Is("id", ColumnType.Text), Is("n", ColumnType.Bigint), Is("d", ColumnType.Double), Is("b", ColumnType.Boolean), Is("t", ColumnType.Text),
        Is("u", ColumnType.UnixTime), Is("s", ColumnType.Timestamp), Is("j", ColumnType.Json));

    // More of them find more: ./test --all asks for 300.
    private static int Stories =>
        int.TryParse(Environment.GetEnvironmentVariable("SLUICE_STORIES"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
            ? wanted
            : 15;

    [Fact]
    public async Task Whatever_is_sent_is_in_the_table_as_it_was_sent_or_told_as_rejected()
    {
        using var bench = new LoadBench();

        // Open all the while, so that the loads need not open the file each time.
        await using var destination = await bench.OpenAsync();
        var number = 0;
        Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Stories),
            Prop.ForAll(StoryGenerator.Stories, story =>
            {
                var wrong = Task.Run(() => TellAsync(bench, story, $"s{(++number).ToString(CultureInfo.InvariantCulture)}")).GetAwaiter().GetResult();
                return (wrong.Count == 0).Label(string.Join("\n", wrong));
            }));
    }

    private static async Task<List<string>> TellAsync(LoadBench bench, Story story, string schema)
    {
        var oracle = new StoryOracle(story.Strategy);
        var job = LoadBench.Job(Things, story.Strategy, schema);
        foreach (var (number, run) in story.Runs.Index())
        {
            oracle.Add(run);
            var report = await bench.LoadAsync(
                job, run.Contract, [.. run.Segments.Select(segment => (IReadOnlyList<string>)[.. segment.Select(record => record.Json)])]);
            var wrong = report.Outcome is TableOutcome.Done or TableOutcome.Partial
                ? oracle.Wrong(StoryTable.Read(bench, schema)).ToList()
                : [$"{report.Outcome}: {report.Error}"];
            if (wrong.Count > 0)
            {
                return [.. wrong.Select(problem => $"run {number + 1}: {problem}")];
            }
        }

        bench.Execute($"DROP SCHEMA {schema} CASCADE");
        return [];
    }
}
