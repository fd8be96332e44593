using System.Reflection;
using Sluice.Destinations;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>What one table's destination does must not become the trouble of the others, and nothing of it hides what was done.</summary>
public sealed class DestinationTroubleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_commit_of_one_table_does_not_stop_the_staging_of_another()
    {
        await using var bench = await IngestHarness.StartAsync();
        IngestRun? run = null;
        var commits = 0;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        var report = await IngestAsync(
            bench,
            $"sqlite:///{bench.File}",
            started => run = started,
            async (method, _) =>
            {
                // The first commit goes on only when the other table has nothing left to be staged.
                if (method == nameof(ITargetWriter.WriteAsync) && Interlocked.Increment(ref commits) == 1)
                {
                    while (run!.Progress.Tables.Any(table => table.Stage == TableStage.Reading))
                    {
                        await Task.Delay(10, patience.Token);
                    }
                }
            },
            "newsletters",
            "messages");
        Assert.Equal((ExitCode.Done, 2), (report.ExitCode, commits));
    }

    [Fact]
    public async Task A_drivers_error_when_the_run_is_recorded_leaves_the_report_of_what_was_committed()
    {
        await using var bench = await IngestHarness.StartAsync();
        var report = await IngestAsync(
            bench,
            bench.DestinationUri,
            _ => { },
            (method, _) => Fail(method, nameof(ISystemTables.RecordRunAsync), new IOException("Broken pipe.")),
            "segments");
        Assert.Equal(ExitCode.Destination, report.ExitCode);
        Assert.Contains("Broken pipe.", report.Error, StringComparison.Ordinal);
        Assert.Equal(TableOutcome.Done, Assert.Single(report.Tables).Outcome);
        Assert.Equal(report.Tables[0].Rows, bench.Scalar("SELECT count(*) FROM customerio.segments"));
    }

    [Fact]
    public async Task A_fault_of_the_process_ends_the_run_and_is_not_told_as_a_failure_of_a_table()
    {
        await using var bench = await IngestHarness.StartAsync();
        await Assert.ThrowsAsync<TypeLoadException>(() => IngestAsync(
            bench,
            bench.DestinationUri,
            _ => { },
            (method, table) => Fail(method, table == "segments" ? nameof(ITargetWriter.WriteAsync) : "", new TypeLoadException()),
            "segments",
            "newsletters"));

        // What the others had begun they have ended.
        Assert.NotEqual(0L, bench.Scalar("SELECT count(*) FROM customerio.newsletters"));
    }

    private static Task Fail(string method, string failing, Exception error) => method == failing ? Task.FromException(error) : Task.CompletedTask;

    // Before each call of the destination, its writers and its system tables: its name, and the table that a writer is for.
    private static async Task<RunReport> IngestAsync(
        IngestHarness bench, string uri, Action<IngestRun> started, Func<string, string?, Task> before, params string[] tables)
    {
        using var client = bench.Client();
        await using var destination = await DestinationRegistry.OpenAsync(uri, Cancel);
        var request = bench.Request(IngestHarness.Jobs(tables));
        var run = new IngestRun(request, Workspace.Alone(request, client), Watch<IDestination>(destination, null, before), TimeProvider.System);
        started(run);
        return await run.RunAsync(Cancel);
    }

    private static T Watch<T>(T inner, string? table, Func<string, string?, Task> before)
        where T : class
    {
        var proxy = DispatchProxy.Create<T, Watched>();
        ((Watched)(object)proxy).Watch(inner, table, before);
        return proxy;
    }

    /// <summary>An interface of a destination that does something before each call that gives a task.</summary>
    public class Watched : DispatchProxy
    {
        private object _inner = null!;
        private string? _table;
        private Func<string, string?, Task> _before = null!;

        internal void Watch(object inner, string? table, Func<string, string?, Task> before) =>
            (_inner, _table, _before) = (inner, table, before);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Invoke(_inner, args) switch
        {
            Task<ITargetWriter> opening => WatchAsync(opening, ((LoadTarget)args![0]!).Table),
            ISystemTables tables => DestinationTroubleTests.Watch(tables, null, _before),
            _ when targetMethod.Name is nameof(ISystemTables.RecordRunAsync) => _before(targetMethod.Name, null),
            Task<LoadResult?> writing => AfterAsync(targetMethod.Name, writing),
            var other => other,
        };

        private async Task<ITargetWriter> WatchAsync(Task<ITargetWriter> opening, string table) =>
            DestinationTroubleTests.Watch(await opening, table, _before);

        private async Task<TResult> AfterAsync<TResult>(string method, Task<TResult> work)
        {
            await _before(method, _table);
            return await work;
        }
    }
}
