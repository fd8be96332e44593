using Sluice.CustomerIo;
using Sluice.Sql;

namespace Sluice.Data;

/// <summary>A query that is about to ask for its first page.</summary>
/// <param name="report">What it will cost, as far as that is known without asking.</param>
public sealed class PlannedEventArgs(QueryReport report) : EventArgs
{
    /// <summary>What it will cost, as far as that is known without asking: requests, the time that they take, and what is read how.</summary>
    public QueryReport Report { get; } = report;

    /// <summary>Set to true, the query ends with an error of the kind Cancelled, and nothing is asked for.</summary>
    public bool Cancel { get; set; }
}

/// <summary>A request to Customer.io that is over.</summary>
/// <param name="attempt">What it was.</param>
public sealed class RequestSentEventArgs(AttemptRecord attempt) : EventArgs
{
    /// <summary>Method, path, status, bytes and time; never a key.</summary>
    public AttemptRecord Attempt { get; } = attempt;
}
