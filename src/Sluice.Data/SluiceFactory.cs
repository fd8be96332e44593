using System.Data.Common;

namespace Sluice.Data;

/// <summary>Makes the provider's objects for programs that know ADO.NET alone; they register it under the name <c>Sluice.Data</c>.</summary>
public sealed class SluiceFactory : DbProviderFactory
{
    /// <summary>The only one.</summary>
    public static readonly SluiceFactory Instance = new();

    private SluiceFactory()
    {
    }

    /// <inheritdoc/>
    public override bool CanCreateDataAdapter => true;

    /// <summary>Gives false: a call of the API is no statement that could be made of a query.</summary>
    public override bool CanCreateCommandBuilder => false;

    /// <inheritdoc/>
    public override DbConnection CreateConnection() => new SluiceConnection();

    /// <inheritdoc/>
    public override DbCommand CreateCommand() => new SluiceCommand();

    /// <inheritdoc/>
    public override DbParameter CreateParameter() => new SluiceParameter();

    /// <inheritdoc/>
    public override DbConnectionStringBuilder CreateConnectionStringBuilder() => new SluiceConnectionStringBuilder();

    /// <inheritdoc/>
    public override DbDataAdapter CreateDataAdapter() => new SluiceDataAdapter();

    /// <inheritdoc/>
    public override DbDataSource CreateDataSource(string connectionString) => new SluiceDataSource(connectionString);
}

/// <summary>
/// Fills a <see cref="System.Data.DataSet"/> or <see cref="System.Data.DataTable"/> by a query, and brings changed rows back by the commands that it
/// is given.
/// </summary>
public sealed class SluiceDataAdapter : DbDataAdapter
{
    /// <summary>Makes an adapter without a query.</summary>
    public SluiceDataAdapter()
    {
    }

    /// <summary>Makes an adapter for a query.</summary>
    public SluiceDataAdapter(SluiceCommand selectCommand) => SelectCommand = selectCommand;

    /// <summary>Makes an adapter for a query on a connection, which is opened and closed as needed.</summary>
    public SluiceDataAdapter(string selectCommandText, SluiceConnection connection)
        : this(new SluiceCommand(selectCommandText, connection))
    {
    }
}
