using DuckDB.NET.Data;

namespace Sluice.Engine.DuckDb;

/// <summary>
/// A connection to a DuckDB database with Sluice's settings. Its statements run on a pool thread and end when their token is cancelled; rows are
/// computed as they are read, and until a reader is at its end or closed its connection can run nothing else.
/// </summary>
/// <param name="connectionString">As <see cref="DuckDbSettings.ConnectionString"/> makes it; the first connection of the process to a file
/// decides.</param>
public sealed class InterruptibleConnection(string connectionString) : DuckDBConnection(connectionString)
{
    private string _catalog = "";

    /// <summary>The name of the database in SQL, which is called after its file.</summary>
    public override string Database => _catalog;

    /// <summary>Opens the database, or shares it when this process has it open.</summary>
    public override void Open()
    {
        base.Open();
        try
        {
            using var command = CreateCommand();
            command.CommandText = DuckDbSettings.Session;
            command.ExecuteNonQuery();
            ReadDatabase(command);
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Opens the database on a pool thread.</summary>
    public override Task OpenAsync(CancellationToken cancellationToken) => Task.Run(Open, cancellationToken);

    /// <summary>Opens another connection to the same database.</summary>
    public new InterruptibleConnection Duplicate()
    {
        var copy = new InterruptibleConnection(ConnectionString);
        copy.Open();
        return copy;
    }

    /// <summary>Makes a command on this connection.</summary>
    public override InterruptibleCommand CreateCommand() => new() { Connection = this };

    // The package shares open databases by name without regard to case, where A.duckdb and a.duckdb can be two files.
    private void ReadDatabase(DuckDBCommand command)
    {
        command.CommandText = "SELECT database_name, path FROM duckdb_databases() WHERE database_name = current_database()";
        using var reader = command.ExecuteReader();
        reader.Read();
        _catalog = reader.GetString(0);
        if (
            OperatingSystem.IsLinux()
            && !reader.IsDBNull(1)
            && reader.GetString(1) is var opened
            && !string.Equals(opened, DataSource, StringComparison.Ordinal))
        {
            throw DuckDbErrors.NameInUse(DataSource, opened);
        }
    }
}
