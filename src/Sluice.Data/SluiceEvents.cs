using Sluice.CustomerIo;
using Sluice.Sql;
using Sluice.Sql.Dml;

namespace Sluice.Data;

/// <summary>A query that is about to ask for its first page, or a statement that is about to send its first call.</summary>
/// <param name="report">What it will cost, as far as that is known without asking.</param>
/// <param name="write">The calls of a statement whose rows are read; null before that, and for a query.</param>
public sealed class PlannedEventArgs(QueryReport report, PlannedWrite? write = null) : EventArgs
{
    /// <summary>What it will cost, as far as that is known without asking: requests, the time that they take, and what is read how.</summary>
    public QueryReport Report { get; } = report;

    /// <summary>The calls of a statement that changes something, with old and new values; null before its rows are read, and for a query.</summary>
    public PlannedWrite? Write { get; } = write;

    /// <summary>The number of rows that may be changed, as that of the command; a handler that has seen the calls can set it.</summary>
    public int? ConfirmWrites { get; set; }

    /// <summary>Set to true, the command ends with an error of the kind Cancelled, and nothing is asked for or sent.</summary>
    public bool Cancel { get; set; }
}

/// <summary>A request to Customer.io that is over.</summary>
/// <param name="attempt">What it was.</param>
public sealed class RequestSentEventArgs(AttemptRecord attempt) : EventArgs
{
    /// <summary>Method, path, status, bytes and time; never a key.</summary>
    public AttemptRecord Attempt { get; } = attempt;
}
