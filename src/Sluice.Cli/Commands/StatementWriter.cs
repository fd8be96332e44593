using Sluice.Cli.Output;
using Sluice.Cli.Output.Results;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Sql;
using Sluice.Sql.Dml;
using Sluice.Sql.Text;
using Sluice.Writes.Statements;

namespace Sluice.Cli.Commands;

/// <summary>Carries out the statements of a query that change something, and tells what became of them.</summary>
internal sealed class StatementWriter(SqlSession session, SourceAddress source, WriteSettings settings, CommandRun run)
{
    private readonly StatementRunner _runner = new(
        session,
        () => Settings(source, run) with { Verify = settings.Verify, VerifyPatience = settings.Patience },
        run.Host.Time);

    /// <summary>Carries one out, or shows what it would do; gives the exit code.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="output">How rows and a dry run are written.</param>
    /// <param name="cancel">Stops between calls.</param>
    public async Task<int> RunAsync(SqlStatement statement, QuerySettings output, CancellationToken cancel)
    {
        if (statement.Kind == StatementKind.Transaction)
        {
            TellOfTransactions(statement);
            return ExitCode.Done;
        }

        await using var write = await _runner.PlanAsync(statement, !settings.Consent.IsDryRun, cancel);
        if (settings.Consent.IsDryRun)
        {
            await run.Host.Out.WriteAsync(output.IsJson ? WriteView.Json(write, settings.Verify) : WriteView.Text(write, settings.Verify));
            return ExitCode.Done;
        }

        foreach (var warning in write.Warnings)
        {
            run.Messages.Warn(warning);
        }

        var (report, rows) = await _runner.SendAsync(write, settings.Consent, cancel);
        await RowWriter.WriteAsync(rows, output.Format, run.Host.Out, CancellationToken.None);
        await rows.Reader.DisposeAsync();
        WriteView.Tell($"{write.Verb} {write.Target}", report, run.Messages);
        if (ChangeCheck.NotReadBack(write.Calls, settings.Verify) is { } why && report.ExitCode == ExitCode.Done)
        {
            run.Messages.Info(why);
        }

        return report.ExitCode;
    }

    /// <summary>What calls are sent with: makes ready the folder for their journal.</summary>
    public static CallSettings Settings(SourceAddress source, CommandRun run)
    {
        var folder = Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder);
        WorkFolder.Prepare(folder);
        run.HasChanged = true;
        run.Interruption.First = () => run.Messages.Info("Stopping after the call that is on its way.");
        return new CallSettings { WorkFolder = folder, Workspace = source.PairWith("writes"), Statement = "", Source = "", Target = "" };
    }

    private void TellOfTransactions(SqlStatement statement)
    {
        _runner.Transact(statement);
        run.Messages.Info($"{statement.Text} does nothing: Customer.io has no transactions, and each change is made at once.");
    }
}
