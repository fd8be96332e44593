using System.Data.Common;

namespace Sluice.DuckDb;

/// <summary>Makes the objects of this provider for code that knows ADO.NET only.</summary>
public sealed class DuckDBClientFactory : DbProviderFactory
{
    /// <summary>The one instance.</summary>
    public static readonly DuckDBClientFactory Instance = new();

    private DuckDBClientFactory()
    {
    }

    /// <inheritdoc />
    public override DbConnection CreateConnection() => new DuckDBConnection();

    /// <inheritdoc />
    public override DbCommand CreateCommand() => new DuckDBCommand();

    /// <inheritdoc />
    public override DbParameter CreateParameter() => new DuckDBParameter();

    /// <inheritdoc />
    public override DbConnectionStringBuilder CreateConnectionStringBuilder() => new DuckDBConnectionStringBuilder();
}
