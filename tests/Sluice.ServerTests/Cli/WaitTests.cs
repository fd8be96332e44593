using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

public sealed class WaitTests
{
    [Fact]
    public async Task A_second_run_is_told_who_is_at_work_and_one_that_waits_takes_over_when_that_one_dies()
    {
        await using var runs = await StoppableRuns.StartAsync();
        await runs.Account.SetFaultsAsync(["hang/v1/messages"], Tool.Cancel);
        using var first = runs.Tool.Start(StoppableRuns.Ingest());
        await runs.AnsweredAsync(1);

        var told = (await runs.Tool.RunAsync(StoppableRuns.Ingest())).Ended(ExitCode.Destination);
        Assert.Contains($"sluice ingest messages,customers,customer_relationships (process {first.Id},", told.Error, StringComparison.Ordinal);
        Assert.Contains("--wait", told.Error, StringComparison.Ordinal);
        var late = (await runs.Tool.RunAsync(StoppableRuns.Ingest("--wait", "1s"))).Ended(ExitCode.Destination);
        Assert.Contains("The time to wait is over.", late.Error, StringComparison.Ordinal);

        using var waiting = runs.Tool.Start(StoppableRuns.Ingest("--wait"));
        await StoppableRuns.ReadUntilAsync(waiting.StandardError, "Waiting: Another run");
        await runs.Account.SetFaultsAsync([], Tool.Cancel);
        first.Kill();
        var took = (await Tool.EndAsync(waiting)).Ended(ExitCode.Done);

        Assert.Contains(
            $"Took over from sluice ingest messages,customers,customer_relationships (process {first.Id},", took.Error, StringComparison.Ordinal);
        Assert.Equal(3, await runs.AssertWholeOrAbsentAsync());
    }

    [Fact]
    public async Task A_database_that_another_program_has_open_is_waited_for()
    {
        await using var runs = await StoppableRuns.StartAsync();
        runs.Tool.Environment["SLUICE_WAIT"] = "yes";
        var holder = Database.Open(runs.Database);
        using var process = runs.Tool.Start(StoppableRuns.Ingest());

        await StoppableRuns.ReadUntilAsync(process.StandardError, $"(process {Environment.ProcessId})");
        await holder.DisposeAsync();

        (await Tool.EndAsync(process)).Ended(ExitCode.Done);
        Assert.Equal(3, await runs.AssertWholeOrAbsentAsync());
    }

    [Fact]
    public async Task A_signal_ends_the_wait_with_130_before_anything_is_asked_and_the_database_stays()
    {
        await using var runs = await StoppableRuns.StartAsync();
        var holder = Database.Open(runs.Database);
        using var process = runs.Tool.Start(StoppableRuns.Ingest("--wait", "1h"));
        await StoppableRuns.ReadUntilAsync(process.StandardError, "Waiting: ");

        await StoppableRuns.SignalAsync("INT", process);
        var stopped = (await Tool.EndAsync(process)).Ended(ExitCode.Cancelled);

        Assert.Contains("Nothing was begun", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(0, await runs.Account.AnswersAsync(Tool.Cancel));
        await holder.DisposeAsync();
        Assert.True(File.Exists(runs.Database));
        await runs.EndsWithTheTruthAsync();
    }

    [Fact]
    public async Task A_length_of_time_that_cannot_be_read_is_a_mistake()
    {
        using var tool = new Tool { Environment = { ["CUSTOMERIO_APP_API_KEY"] = "k" } };

        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns", "--wait", "soon")).Ended(ExitCode.Config);

        Assert.Contains("--wait is no length of time: 'soon'", run.Error, StringComparison.Ordinal);
    }
}
