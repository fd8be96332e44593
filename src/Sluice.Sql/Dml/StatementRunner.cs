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
    private int _begun;

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

    /// <summary>Begins or ends what stands for a transaction: it groups nothing.</summary>
    /// <param name="statement">BEGIN, COMMIT or ROLLBACK.</param>
    /// <exception cref="SluiceException">Something is to be taken back that was sent (kind Config).</exception>
    public void Transact(SqlStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        if (statement.IsRollback)
        {
            RequireNothingSent(_begun);
        }

        _begun = statement.IsBegin ? Sent : _begun;
    }

    /// <summary>Sees that nothing is to be taken back, which no call can.</summary>
    /// <param name="sent">Statements of which calls were sent before the transaction.</param>
    /// <exception cref="SluiceException">Something was sent (kind Config).</exception>
    public void RequireNothingSent(int sent)
    {
        if (Sent > sent)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                "ROLLBACK can't take back what was sent: Customer.io has no transactions.",
                "'sluice writes list' tells what was done, 'sluice writes undo' writes former values back where that is possible.");
        }
    }

    /// <summary>Finds out what a statement would change; it fetches what that needs, and sends nothing.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="isSent">Whether it is to be sent afterwards, so that a key that is missing shows before rows are read.</param>
    /// <param name="cancel">Stops within a page.</param>
    /// <exception cref="SluiceException">Nothing does what it says, a key is missing, or reading for it is too expensive.</exception>
    public async Task<PlannedWrite> PlanAsync(SqlStatement statement, bool isSent, CancellationToken cancel)
    {
        if (isSent && !session.Client.HasTrack && WriteStatement.Read(statement, SqlSession.Tables).IsQueued)
        {
            throw TrackKeyMissing;
        }

        return await session.PlanWriteAsync(statement, cancel);
    }

    /// <summary>Sends the calls, and gives the rows that the statement wants to see.</summary>
    /// <param name="write">The calls.</param>
    /// <param name="consent">How far they may go.</param>
    /// <param name="cancel">Lets no further call begin.</param>
    /// <exception cref="SluiceException">Nobody has agreed, or a call failed in a way that makes going on useless.</exception>
    public async Task<(CallReport Report, QueryResult Rows)> SendAsync(PlannedWrite write, WriteConsent consent, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(consent);
        await consent.RequireAsync(write, cancel);
        var calls = settings() with { Continues = consent.Continues };
        Sent += write.Calls.Count > 0 ? 1 : 0;
        try
        {
            return await write.RunAsync(calls, time, cancel);
        }
        finally
        {
            session.ForgetFetched();
        }
    }
}
