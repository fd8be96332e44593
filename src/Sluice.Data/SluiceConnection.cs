using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Settings;
using Sluice.Sql;
using Sluice.Sql.Dml;

namespace Sluice.Data;

/// <summary>
/// A connection to one workspace of Customer.io. Opening it asks for nothing, so that a wrong key shows with the first query. All connections of a
/// process to the same workspace, at the same rate, share one request budget.
/// </summary>
public sealed class SluiceConnection : DbConnection
{
    // A budget has one rate, and connections can have different ones.
    private static readonly ConcurrentDictionary<(string Workspace, double Rate), RequestBudget> Budgets = [];

    private SluiceConnectionStringBuilder _settings = [];
    private string _text = "";
    private CustomerIoClient? _client;
    private SqlSession? _session;
    private StatementRunner? _runner;
    private SluiceDataReader? _reader;

    /// <summary>Makes a connection without a connection string.</summary>
    public SluiceConnection()
    {
    }

    /// <summary>Makes a connection, which is not open yet.</summary>
    /// <param name="connectionString">As <see cref="SluiceConnectionStringBuilder"/> makes it.</param>
    /// <exception cref="ArgumentException">It has a key or value that is wrong.</exception>
    public SluiceConnection(string? connectionString) => ConnectionString = connectionString;

    /// <summary>
    /// Raised on any thread before a query asks for its first page, and once more before a statement sends its first call; a handler can cancel it.
    /// </summary>
    public event EventHandler<PlannedEventArgs>? Planned;

    /// <summary>Raised on any thread after each request to Customer.io, repeated ones included.</summary>
    public event EventHandler<RequestSentEventArgs>? RequestSent;

    /// <summary>The connection string; once it has been open, without secrets unless <c>Persist Security Info</c> is true.</summary>
    /// <exception cref="ArgumentException">It has a key or value that is wrong.</exception>
    /// <exception cref="InvalidOperationException">The connection is open.</exception>
    [AllowNull]
    public override string ConnectionString
    {
        get => _text;
        set
        {
            if (_session is not null)
            {
                throw new InvalidOperationException("The connection string can't be changed while the connection is open.");
            }

            _settings = new SluiceConnectionStringBuilder(value);
            _text = value ?? "";
        }
    }

    /// <summary>The database of the live tables, <c>memory</c> in SQL; empty while the connection is closed.</summary>
    public override string Database => _session is null ? "" : SchemaCollections.Catalog;

    /// <summary>The host that is asked; empty while the connection is closed.</summary>
    public override string DataSource => _client?.AppHost ?? "";

    /// <summary>The version of Sluice, for Customer.io's API has none.</summary>
    public override string ServerVersion
    {
        get
        {
            RequireSession();
            return typeof(SluiceConnection).Assembly.GetName().Version!.ToString(3);
        }
    }

    /// <inheritdoc/>
    public override ConnectionState State => _session is null ? ConnectionState.Closed : ConnectionState.Open;

    /// <inheritdoc/>
    public override bool CanCreateBatch => false;

    /// <inheritdoc/>
    protected override DbProviderFactory DbProviderFactory => SluiceFactory.Instance;

    /// <summary>The transaction that has begun and not ended.</summary>
    internal SluiceTransaction? Transaction { get; private set; }

    /// <summary>Seconds that a command may take where it does not say otherwise.</summary>
    internal int DefaultTimeout => _settings.Timeout;

    /// <summary>Rows that a statement may change where its command does not say otherwise.</summary>
    internal int DefaultMaxWrites => _settings.MaxWrites;

    /// <summary>Whether a refusal does not stop the rest of a statement where its command does not say otherwise.</summary>
    internal bool DefaultContinue => _settings.ContinueAfterRefusal;

    /// <summary>Whether nothing may be changed.</summary>
    internal bool IsReadOnly => _settings.ReadOnly;

    /// <summary>What carries out statements that change something.</summary>
    internal StatementRunner Runner => _runner ?? throw new InvalidOperationException("The connection is not open.");

    /// <summary>Opens the connection; no request is made.</summary>
    /// <exception cref="InvalidOperationException">It is open, or has no connection string.</exception>
    /// <exception cref="SluiceDbException">The workspace can't be told: the key is missing, or the pipeline file does not have it.</exception>
    public override void Open()
    {
        if (_session is not null)
        {
            throw new InvalidOperationException("The connection is open already.");
        }

        if (_text.Length == 0)
        {
            throw new InvalidOperationException("The connection has no connection string.");
        }

        var source = Read(_settings);
        var budget = Budgets.GetOrAdd(
            (source.PairWith(""), source.Client.RequestsPerSecond), key => new RequestBudget(key.Rate, TimeProvider.System));
        _client = new CustomerIoClient(source.Client, budget: budget)
        {
            Observer = attempt => RequestSent?.Invoke(this, new RequestSentEventArgs(attempt)),
        };
        var options = ConnectionTarget.OptionsOf(_settings, source) with { Planned = report => OnPlanned(new(report)) };
        _session = new SqlSession(_client, options, TimeProvider.System);
        _runner = new StatementRunner(_session, () => ConnectionTarget.CallsOf(_settings, source), TimeProvider.System);
        _text = _settings.PersistSecurityInfo ? _text : _settings.WithoutSecrets();
        OnStateChange(new StateChangeEventArgs(ConnectionState.Closed, ConnectionState.Open));
    }

    /// <inheritdoc cref="Open"/>
    public override Task OpenAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        Open();
        return Task.CompletedTask;
    }

    /// <summary>Closes the connection and its reader.</summary>
    public override void Close()
    {
        if (_session is { } session)
        {
            Blocking.Run(() => EndAsync(session));
            OnStateChange(new StateChangeEventArgs(ConnectionState.Open, ConnectionState.Closed));
        }
    }

    /// <inheritdoc cref="Close"/>
    public override async Task CloseAsync()
    {
        if (_session is { } session)
        {
            await EndAsync(session);
            OnStateChange(new StateChangeEventArgs(ConnectionState.Open, ConnectionState.Closed));
        }
    }

    /// <summary>Refused: a connection has one workspace.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void ChangeDatabase(string databaseName) =>
        throw new NotSupportedException("A connection has one workspace: open another one with another connection string.");

    /// <summary>Makes a command of this connection.</summary>
    public new SluiceCommand CreateCommand() => new("", this);

    /// <inheritdoc/>
    public override DataTable GetSchema() => GetSchema(DbMetaDataCollectionNames.MetaDataCollections, []);

    /// <inheritdoc/>
    public override DataTable GetSchema(string collectionName) => GetSchema(collectionName, []);

    /// <summary>Describes tables, columns and types; it costs no request.</summary>
    /// <param name="collectionName">One of those that the collection MetaDataCollections lists.</param>
    /// <param name="restrictionValues">Values that the collection Restrictions describes; null for any.</param>
    /// <exception cref="ArgumentException">There is no such collection, or it has fewer restrictions.</exception>
    public override DataTable GetSchema(string collectionName, string?[] restrictionValues)
    {
        var session = RequireSession();
        return Blocking.Run(() => new SchemaCollections(session).GetAsync(collectionName, restrictionValues ?? [], CancellationToken.None));
    }

    /// <summary>Begins what stands for a transaction: it groups nothing.</summary>
    public new SluiceTransaction BeginTransaction() => BeginTransaction(IsolationLevel.Unspecified);

    /// <inheritdoc cref="BeginTransaction()"/>
    public new SluiceTransaction BeginTransaction(IsolationLevel isolationLevel)
    {
        RequireSession();
        if (Transaction is not null)
        {
            throw new InvalidOperationException("The connection has a transaction already, and there is none within another.");
        }

        return Transaction = new SluiceTransaction(this, isolationLevel);
    }

    /// <inheritdoc/>
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => BeginTransaction(isolationLevel);

    /// <inheritdoc/>
    protected override DbCommand CreateDbCommand() => CreateCommand();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }

        base.Dispose(disposing);
    }

    /// <summary>The session of the open connection.</summary>
    /// <exception cref="InvalidOperationException">The connection is not open.</exception>
    internal SqlSession RequireSession() => _session ?? throw new InvalidOperationException("The connection is not open.");

    /// <summary>Takes the connection for a reader.</summary>
    /// <exception cref="InvalidOperationException">Another one is open.</exception>
    internal void Take(SluiceDataReader reader)
    {
        if (_reader is not null)
        {
            throw new InvalidOperationException("The connection has an open reader: close it first, or open another connection.");
        }

        _reader = reader;
    }

    internal void Release(SluiceDataReader reader) => _reader = ReferenceEquals(_reader, reader) ? null : _reader;

    internal void Ended(SluiceTransaction transaction) => Transaction = ReferenceEquals(Transaction, transaction) ? null : Transaction;

    private static SourceAddress Read(SluiceConnectionStringBuilder settings)
    {
        try
        {
            return ConnectionTarget.FindWorkspace(settings);
        }
        catch (SluiceException error)
        {
            throw SluiceDbException.From(error);
        }
    }

    private async Task EndAsync(SqlSession session)
    {
        (_session, _runner) = (null, null);
        if (_reader is { } reader)
        {
            await reader.CloseAsync();
        }

        Transaction?.Forget();
        await session.DisposeAsync();
        _client!.Dispose();
        _client = null;
    }

    /// <summary>Lets handlers see what is planned.</summary>
    /// <exception cref="SluiceException">One has cancelled it (kind Cancelled).</exception>
    internal void OnPlanned(PlannedEventArgs planned)
    {
        Planned?.Invoke(this, planned);
        if (planned.Cancel)
        {
            throw new SluiceException(
                SluiceErrorKind.Cancelled,
                $"{(planned.Write is null ? "The query was not run" : "Nothing was sent")}: a handler of Planned has cancelled it.");
        }
    }
}
