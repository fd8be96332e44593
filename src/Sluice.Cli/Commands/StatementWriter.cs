using Sluice.Cli.Output;
using Sluice.Cli.Output.Results;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Sql;
using Sluice.Sql.Dml;
using Sluice.Sql.Text;
using Sluice.Writes.Statements;

namespace Sluice.Cli.Commands;

/// <summary>Carries out the statements of a query that change something, as far as somebody has agreed to it.</summary>
internal sealed class StatementWriter(SqlSession session, SourceAddress source, WriteConsent consent, CommandRun run)
{
    private bool _hasWritten;

    /// <summary>Whether a statement changes something, or would like a transaction.</summary>
    public static bool Takes(SqlStatement statement) =>
        statement.Kind == StatementKind.Transaction || statement is { WriteVerb: not null, Kind: StatementKind.Query };

    /// <summary>Carries one out, or shows what it would do; gives the exit code.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="settings">How rows and a dry run are written.</param>
    /// <param name="cancel">Stops between calls.</param>
    public async Task<int> RunAsync(SqlStatement statement, QuerySettings settings, CancellationToken cancel)
    {
        if (statement.Kind == StatementKind.Transaction)
        {
            TellOfTransactions(statement);
            return ExitCode.Done;
        }

        await using var write = await session.PlanWriteAsync(statement, cancel);
        if (consent.IsDryRun)
        {
            await run.Host.Out.WriteAsync(settings.IsJson ? WriteView.Json(write) : WriteView.Text(write));
            return ExitCode.Done;
        }

        if (write.IsQueued)
        {
            RequireTrack();
        }

        await consent.RequireAsync(write, run, cancel);
        return await SendAsync(write, settings.Format, cancel);
    }

    private void TellOfTransactions(SqlStatement statement)
    {
        if (statement.IsRollback && _hasWritten)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                "ROLLBACK can't take back what was sent: Customer.io has no transactions.",
                "'sluice writes list' tells what was done, 'sluice writes undo' writes former values back where that is possible.");
        }

        run.Messages.Info($"{statement.Text} does nothing: Customer.io has no transactions, and each change is made at once.");
    }

    private async Task<int> SendAsync(PlannedWrite write, string format, CancellationToken cancel)
    {
        var settings = Settings(source, run) with { Continues = consent.Continues };
        _hasWritten = true;
        try
        {
            var (report, rows) = await write.RunAsync(settings, run.Host.Time, cancel);
            await RowWriter.WriteAsync(rows, format, run.Host.Out, CancellationToken.None);
            await rows.Reader.DisposeAsync();
            WriteView.Tell($"{write.Verb} {write.Target}", report, run.Messages);
            return report.ExitCode;
        }
        finally
        {
            SqlSession.ForgetFetched(QueryOptions.CacheFolder(run, source));
        }
    }

    /// <summary>What calls are sent with: makes ready the folder for their journal.</summary>
    public static CallSettings Settings(SourceAddress source, CommandRun run)
    {
        var folder = Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder);
        SettingsLookup.Prepare(folder);
        run.HasChanged = true;
        run.Interruption.First = () => run.Messages.Info("Stopping after the call that is on its way.");
        return new CallSettings { WorkFolder = folder, Workspace = source.PairWith("writes"), Statement = "", Source = "", Target = "" };
    }

    private void RequireTrack()
    {
        if (!source.HasTrack)
        {
            var mistakes = new ValidationErrors();
            ImportCommand.CheckTrack(source, mistakes);
            mistakes.ThrowIfAny();
        }
    }
}
