using System.Data.Common;

namespace Sluice.Data;

/// <summary>Gives connections with one connection string; it holds nothing open itself.</summary>
/// <param name="connectionString">As <see cref="SluiceConnectionStringBuilder"/> makes it.</param>
/// <exception cref="ArgumentException">The connection string has a key or value that is wrong.</exception>
public sealed class SluiceDataSource(string connectionString) : DbDataSource
{
    private readonly SluiceConnectionStringBuilder _settings = new(connectionString);

    /// <summary>The connection string, without secrets unless <c>Persist Security Info</c> is true.</summary>
    public override string ConnectionString => _settings.PersistSecurityInfo ? _settings.ConnectionString : _settings.WithoutSecrets();

    /// <summary>Makes a connection, which is not open yet.</summary>
    public new SluiceConnection CreateConnection() => new(_settings.ConnectionString);

    /// <summary>Makes a connection and opens it.</summary>
    public new SluiceConnection OpenConnection() => (SluiceConnection)base.OpenConnection();

    /// <inheritdoc cref="OpenConnection"/>
    public new async ValueTask<SluiceConnection> OpenConnectionAsync(CancellationToken cancellationToken = default) =>
        (SluiceConnection)await base.OpenConnectionAsync(cancellationToken);

    /// <inheritdoc/>
    protected override DbConnection CreateDbConnection() => CreateConnection();
}
