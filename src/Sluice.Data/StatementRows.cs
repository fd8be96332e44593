using System.Data;
using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Sql;
using Sluice.Sql.Dml;
using Sluice.Sql.Text;
using Sluice.Writes.Statements;

namespace Sluice.Data;

/// <summary>Runs one statement of a command, and gives its rows; those of a change without RETURNING are none.</summary>
internal static class StatementRows
{
    public static Task<ResultRows> RunAsync(
        SqlStatement statement, SluiceCommand command, SluiceConnection connection, CommandBehavior behavior, CancellationToken stop)
    {
        var isSchemaOnly = behavior.HasFlag(CommandBehavior.SchemaOnly);
        return StatementRunner.Takes(statement) ? ChangeAsync(statement, command, connection, behavior, stop)
            : statement.Kind == StatementKind.Query ? QueryAsync(statement, connection.RequireSession(), behavior, stop)
            : PriceAsync(statement, isSchemaOnly ? null : connection.RequireSession(), stop);
    }

    /// <summary>Says what is wrong with a statement, for no request or for the one that tells of attributes.</summary>
    public static async Task<bool> CheckAsync(SqlStatement statement, SqlSession session, CancellationToken stop)
    {
        if (statement.Kind != StatementKind.Transaction)
        {
            await (statement.WriteVerb is null ? DescribeAsync(statement, session, stop) : session.CheckAsync(statement, stop));
        }

        return true;
    }

    private static async Task DescribeAsync(SqlStatement statement, SqlSession session, CancellationToken stop)
    {
        await using var plan = await session.DescribeAsync(statement, stop);
    }

    private static async Task<ResultRows> QueryAsync(SqlStatement statement, SqlSession session, CommandBehavior behavior, CancellationToken stop) =>
        await ResultRows.OfAsync(
            await (behavior.HasFlag(CommandBehavior.SchemaOnly) ? session.DescribeAsync(statement, stop) : session.QueryAsync(statement, stop)),
            behavior,
            stop);

    private static async Task<ResultRows> PriceAsync(SqlStatement statement, SqlSession? session, CancellationToken stop)
    {
        var report = session is null ? null
            : statement.Kind == StatementKind.Explain ? await session.ExplainAsync(statement, stop)
            : await CostAsync(session, statement, stop);
        return await ResultRows.OfAsync(PriceTable.Of(report?.Steps ?? []), report, stop);
    }

    private static async Task<QueryReport> CostAsync(SqlSession session, SqlStatement statement, CancellationToken stop)
    {
        await using var result = await session.QueryAsync(statement, stop);
        while (await result.ReadAsync(stop))
        {
        }

        return result.Report;
    }

    // Whoever wants columns alone wants nothing to be changed.
    private static async Task<ResultRows> ChangeAsync(
        SqlStatement statement, SluiceCommand command, SluiceConnection connection, CommandBehavior behavior, CancellationToken stop)
    {
        if (statement.Kind == StatementKind.Transaction)
        {
            connection.Runner.Transact(statement);
            return await NoRowsAsync(null, null, stop);
        }

        if (behavior.HasFlag(CommandBehavior.SchemaOnly))
        {
            await CheckAsync(statement, connection.RequireSession(), stop);
            return await NoRowsAsync(null, null, stop);
        }

        RequireWritable(statement, connection);
        var write = await connection.Runner.PlanAsync(statement, isSent: true, stop);
        try
        {
            var (report, rows) = await connection.Runner.SendAsync(write, Consent(write, command, connection), stop);
            if (!write.HasRows || report.ExitCode != ExitCode.Done)
            {
                await rows.Reader.DisposeAsync();
            }

            ChangeOutcome.RequireAll(write, report);

            // What is done is done: nothing stops its rows any more.
            return write.HasRows ? await ResultRows.OfAsync(rows, behavior, CancellationToken.None, report) : await EndAsync(write, report);
        }
        catch
        {
            await write.DisposeAsync();
            throw;
        }
    }

    private static async Task<ResultRows> EndAsync(PlannedWrite write, CallReport report)
    {
        await write.DisposeAsync();
        return await NoRowsAsync(write.Reads, report, CancellationToken.None);
    }

    private static async Task<ResultRows> NoRowsAsync(QueryReport? report, CallReport? changes, CancellationToken stop)
    {
        using var none = new DataTable { Locale = CultureInfo.InvariantCulture };
        return await ResultRows.OfAsync(none, report, stop, changes);
    }

    private static void RequireWritable(SqlStatement statement, SluiceConnection connection)
    {
        if (connection.IsReadOnly)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{statement.WriteVerb} would change something, and the connection only reads: nothing was sent.",
                $"Without {ConnectionKey.ReadOnly.Name} in the connection string it makes changes.");
        }
    }

    private static WriteConsent Consent(PlannedWrite write, SluiceCommand command, SluiceConnection connection)
    {
        var planned = new PlannedEventArgs(write.Reads, write) { ConfirmWrites = command.ConfirmWrites };
        connection.OnPlanned(planned);
        return new WriteConsent
        {
            MostWrites = command.MaxWrites,
            Count = planned.ConfirmWrites,
            Continues = command.ContinueAfterRefusal,
            Advice = _ => string.Create(
                CultureInfo.InvariantCulture,
                $"A handler of Planned sees the calls; ConfirmWrites = {write.Count} of the command agrees to them."),
        };
    }
}
