using Sluice.Engine;
using Sluice.Sql.Text;
using Sluice.Writes.Statements;

namespace Sluice.Sql.Dml;

/// <summary>
/// Carries out statements that change something, as far as somebody has agreed to it: the one way for the command, the shell and programs.
/// </summary>
/// <param name="session">The session that plans them.</param>
/// <param name="settings">Makes ready the folder for the journal, and says what calls are sent with.</param>
/// <param name="time">The clock.</param>
public sealed class StatementRunner(SqlSession session, Func<CallSettings> settings, TimeProvider time)
{
    /// <summary>The error of what goes to the Track API, where its key is missing.</summary>
    public static SluiceException TrackKeyMissing => new(
        SluiceErrorKind.Config,
        "There is no Track API key, without which nothing can be sent.",
        "Set CUSTOMERIO_SITE_ID and CUSTOMERIO_TRACK_API_KEY (Settings > API Credentials > Track API Keys).");

    /// <summary>Statements of which calls were sent so far.</summary>
    public int Sent { get; private set; }

    /// <summary>Whether a statement changes something, or would like a transaction.</summary>
    /// <param name="statement">The statement.</param>
    public static bool Takes(SqlStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return statement.Kind == StatementKind.Transaction || statement is { WriteVerb: not null, Kind: StatementKind.Query };
    }

    /// <summary>Sees that nothing is to be taken back, which no call can.</summary>
    /// <param name="sent">Statements of which calls were sent before the transaction.</param>
    /// <exception cref="SluiceException">Something was sent (kind Config).</exception>
    public void RequireNothingSent(int sent = 0)
    {
        if (Sent > sent)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                "ROLLBACK can't take back what was sent: Customer.io has no transactions.",
                "'sluice writes list' tells what was done, 'sluice writes undo' writes former values back where that is possible.");
        }
    }

    /// <summary>Carries one out, or finds out what it would do.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="consent">How far it may go.</param>
    /// <param name="cancel">Stops between calls.</param>
    /// <exception cref="SluiceException">Nothing does what it says, a key is missing, nobody has agreed, or a call failed.</exception>
    public async Task<StatementResult> RunAsync(SqlStatement statement, WriteConsent consent, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(consent);
        if (!consent.IsDryRun && !session.Client.HasTrack && WriteStatement.Read(statement, SqlSession.Tables).IsQueued)
        {
            throw TrackKeyMissing;
        }

        var write = await session.PlanWriteAsync(statement, cancel);
        try
        {
            return consent.IsDryRun ? new StatementResult(write) : await SendAsync(write, consent, cancel);
        }
        catch
        {
            await write.DisposeAsync();
            throw;
        }
    }

    private async Task<StatementResult> SendAsync(PlannedWrite write, WriteConsent consent, CancellationToken cancel)
    {
        await consent.RequireAsync(write, cancel);
        var calls = settings() with { Continues = consent.Continues };
        Sent++;
        try
        {
            var (report, rows) = await write.RunAsync(calls, time, cancel);
            return new StatementResult(write) { Report = report, Rows = rows };
        }
        finally
        {
            session.ForgetFetched();
        }
    }
}

/// <summary>What a statement would change, or has changed; closing it removes what was fetched for it.</summary>
/// <param name="write">The calls.</param>
public sealed class StatementResult(PlannedWrite write) : IAsyncDisposable
{
    /// <summary>The calls.</summary>
    public PlannedWrite Write => write;

    /// <summary>What became of them; null for a dry run.</summary>
    public CallReport? Report { get; init; }

    /// <summary>The rows that the statement wants to see; null for a dry run.</summary>
    public QueryResult? Rows { get; init; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Rows?.DisposeAsync() ?? write.DisposeAsync();
}
