using System.Diagnostics;
using Sluice.Cli.Commands;
using Sluice.Engine.Runs;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.ServerTests.Cli;

public sealed class InterruptionTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM", Traits = ["length", "long"])]
    public async Task A_stopped_run_ends_with_130_and_the_same_command_goes_on(string signal)
    {
        // Answers so slow that one is on its way whenever the signal comes.
        await using var runs = await StoppableRuns.StartAsync(latency: 100);
        using var process = runs.Tool.Start(StoppableRuns.Ingest("--debug"));
        await StoppableRuns.ReadUntilAsync(process.StandardError, "/v1/messages");

        await StoppableRuns.SignalAsync(signal, process);
        var stopped = (await Tool.EndAsync(process)).Ended(ExitCode.Cancelled);

        Assert.Contains("run the same command again", stopped.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(runs.Tool.PathOf(".sluice/spool")));
        await runs.EndsWithTheTruthAsync();
    }

    [Fact]
    public async Task A_second_signal_ends_a_run_whose_api_hangs_and_the_next_one_takes_over()
    {
        await using var runs = await StoppableRuns.StartAsync();
        await runs.Account.SetFaultsAsync(["hang/v1/messages"], Tool.Cancel);
        using var process = runs.Tool.Start(StoppableRuns.Ingest());
        await runs.AnsweredAsync(1);

        await StoppableRuns.SignalAsync("INT", process);
        await StoppableRuns.SignalAsync("INT", process);
        (await Tool.EndAsync(process)).Ended(ExitCode.Cancelled);

        await runs.Account.SetFaultsAsync([], Tool.Cancel);
        await runs.EndsWithTheTruthAsync();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6, Traits = ["length", "long"])]
    public async Task A_run_that_is_stopped_when_everything_is_read_leaves_each_table_whole_or_absent(int moments)
    {
        await using var undisturbed = await StoppableRuns.StartAsync(latency: 20);
        var (needed, loading) = await undisturbed.MeasureAsync();
        for (var moment = 0; moment < moments; moment++)
        {
            await using var runs = undisturbed.Anew();
            var before = await runs.Account.AnswersAsync(Tool.Cancel);
            using var process = runs.Tool.Start(StoppableRuns.Ingest());
            await runs.AnsweredAsync(before + needed);
            await Task.Delay(loading * moment / moments, Tool.Cancel);

            var asked = Stopwatch.StartNew();
            await StoppableRuns.SignalAsync("INT", process);
            var stopped = await Tool.EndAsync(process);
            asked.Stop();

            // A signal that comes after the last commit finds nothing that could be stopped; but on a machine that is so busy that the end takes
            // longer than the tool may take to stop, it leaves at once, whatever it has done.
            Assert.True(stopped.Code is ExitCode.Cancelled or ExitCode.Done, $"{stopped.Code}: {stopped.Error}");
            var tables = await runs.AssertWholeOrAbsentAsync();
            Assert.True(
                stopped.Code == ExitCode.Done == (tables == 3) || asked.Elapsed > Interruption.Patience,
                $"Exit code {stopped.Code} with {tables} tables after {asked.Elapsed}:\n{stopped.Out}\n{stopped.Error}");
            await runs.EndsWithTheTruthAsync();
        }
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_command_that_waits_for_the_configuration_that_it_was_told_to_read_ends_within_five_seconds(string signal)
    {
        using var tool = new Tool();
        using var process = tool.Start("validate", await NamedPipe.MakeAsync(tool.PathOf("pipe")));
        await Task.Delay(TimeSpan.FromSeconds(2), Tool.Cancel);
        var asked = Stopwatch.StartNew();
        await StoppableRuns.SignalAsync(signal, process);

        (await Tool.EndAsync(process)).Ended(ExitCode.Cancelled);
        Assert.InRange(asked.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5.5));
    }

    [Fact]
    public async Task The_simulator_ends_in_good_order()
    {
        using var tool = new Tool();
        using var process = tool.Start("simulate", "--customers", "10");
        Assert.StartsWith("Listening on http://127.0.0.1:", await process.StandardOutput.ReadLineAsync(Tool.Cancel), StringComparison.Ordinal);

        await StoppableRuns.SignalAsync("INT", process);

        var run = (await Tool.EndAsync(process)).Ended(ExitCode.Done);
        Assert.Contains("sluice ingest --source-uri", run.Out, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }
}
