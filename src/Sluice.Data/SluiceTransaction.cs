using System.Data;
using System.Data.Common;
using Sluice.Engine;

namespace Sluice.Data;

/// <summary>
/// What programs need that begin a transaction around everything. An API has none: queries see what Customer.io has when they ask, each change is
/// made at once, and no rollback takes one back.
/// </summary>
public sealed class SluiceTransaction : DbTransaction
{
    private readonly IsolationLevel _level;
    private readonly int _sent;
    private SluiceConnection? _connection;
    private bool _isDisposed;

    internal SluiceTransaction(SluiceConnection connection, IsolationLevel level) =>
        (_connection, _level, _sent) = (connection, level, connection.Runner.Sent);

    /// <summary>The level that was asked for; none is kept.</summary>
    public override IsolationLevel IsolationLevel => _level;

    /// <summary>The connection, or null once the transaction has ended.</summary>
    public new SluiceConnection? Connection => _connection;

    /// <inheritdoc/>
    protected override DbConnection? DbConnection => _connection;

    /// <summary>Ends the transaction. There is nothing to commit.</summary>
    public override void Commit() => End();

    /// <summary>Ends the transaction. What was changed within it stays as it is.</summary>
    /// <exception cref="SluiceDbException">Something was changed, which nothing takes back (kind Config).</exception>
    public override void Rollback()
    {
        var runner = _connection?.Runner;
        End();
        try
        {
            runner!.RequireNothingSent(_sent);
        }
        catch (SluiceException error)
        {
            throw SluiceDbException.From(error);
        }
    }

    /// <summary>Ends the transaction; unlike <see cref="Rollback"/> it does not tell that changes stay.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            Forget();
            _isDisposed = true;
        }

        base.Dispose(disposing);
    }

    /// <summary>Ends it because its connection was closed.</summary>
    internal void Forget()
    {
        _connection?.Ended(this);
        _connection = null;
    }

    private void End()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_connection is null)
        {
            throw new InvalidOperationException("The transaction has ended already, or its connection was closed.");
        }

        Forget();
    }
}
