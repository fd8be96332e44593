using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using Sluice.Engine;

namespace Sluice.Destinations.Postgres;

/// <summary>Says PostgreSQL's errors in words that tell what to do.</summary>
internal static class PostgresErrors
{
    private const string Again = "What was fetched is kept: run the same command again.";

    /// <summary>Whether the server refused a value (a text or a number that it can't store), and not the work as a whole.</summary>
    public static bool IsValueError(DbException error) =>
        error is PostgresException { SqlState: var state } && (state.StartsWith("22", StringComparison.Ordinal) || state == "54001");

    public static SluiceException Explain(string doing, PostgresAddress address, DbException error) =>
        error switch
        {
            PostgresException refused => Explain(doing, address, refused),
            _ when error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Transient(
                $"{doing} failed: nothing answers at {address}.",
                "Start the server, or check host and port with: pg_isready -h HOST -p PORT",
                error),
            _ when error.InnerException
                    is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Transient(
                $"{doing} failed: the host of {address} has no address.",
                "Check the name of the host.",
                error),
            _ when error.InnerException is TimeoutException => Transient($"{doing} failed: {address} did not answer in time.", Again, error),
            _ => Transient($"{doing} failed: the connection to {address} broke: {error.InnerException?.Message ?? error.Message}", Again, error),
        };

    private static SluiceException Explain(string doing, PostgresAddress address, PostgresException error)
    {
        var (user, database) = (address.Connection.Username, address.Connection.Database);
        var (said, hint) = error.SqlState switch
        {
            "28P01" or "28000" => (
                $"{address} did not let the user in: {error.MessageText}",
                "Check user and password; the password can be in PGPASSWORD or ~/.pgpass, where nobody else sees it."),
            "3D000" => ($"{address} has no such database.", $"Make it with: createdb {database}"),
            "42501" => ($"{doing} failed at {address}: {error.MessageText}", Grant(error, database!, user!)),
            "25006" => (
                $"{doing} failed: {address} takes no writes; it is a standby or read-only.",
                "Name the primary, or several hosts with target_session_attrs=read-write."),
            "53100" => ($"{doing} failed: the disk of {address} is full. {error.MessageText}", $"Make room. {Again}"),
            "0A000" or "2BP01" => (
                $"{doing} failed at {address}: {error.MessageText}. {error.Detail}".TrimEnd(),
                "Something of the database depends on the table as it is: drop it, load, and make it again."),
            "55P03" => (
                $"{doing} failed: another session of {address} holds the table.",
                $"Look at it with: SELECT * FROM pg_stat_activity. {Again}"),
            _ => ($"{doing} failed at {address}: {error.MessageText} ({error.SqlState})", Again),
        };
        return new SluiceException(SluiceErrorKind.Destination, said, hint, error)
        {
            IsTransient = error.IsTransient || error.SqlState.StartsWith("57P", StringComparison.Ordinal),
        };
    }

    // The message names what the right is missing for, but not which right.
    private static string Grant(PostgresException error, string database, string user)
    {
        var to = $"TO {PostgresDialect.Quoted(user)}";
        return error.MessageText.Contains("create temporary tables", StringComparison.Ordinal)
                ? $"An administrator gives the right with: GRANT TEMPORARY ON DATABASE {PostgresDialect.Quoted(database)} {to};"
            : error.MessageText.Contains("for database", StringComparison.Ordinal)
                ? $"An administrator gives the right with: GRANT CREATE, TEMPORARY ON DATABASE {PostgresDialect.Quoted(database)} {to}; or " +
                    $"makes the schema and gives: GRANT USAGE, CREATE ON SCHEMA … {to};"
            : error.MessageText.Contains("for schema", StringComparison.Ordinal)
            ? $"An administrator gives the right with: GRANT USAGE, CREATE ON SCHEMA {PostgresDialect.Quoted(error.MessageText.Split(' ')[^1])} {to};"
            : $"An administrator gives the right with: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA … {to}; only a table's " +
                $"owner can add columns to it.";
    }

    private static SluiceException Transient(string said, string hint, Exception error) =>
        new(SluiceErrorKind.Destination, said, hint, error) { IsTransient = true };
}
