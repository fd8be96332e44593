using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using Sluice.Engine;

namespace Sluice.Destinations.Postgres;

/// <summary>Says PostgreSQL's errors in words that tell what to do.</summary>
internal static class PostgresErrors
{
    private const string Again = "What was fetched is kept: run the same command again.";
    private const string Kept = "What was fetched is kept, and loaded by the next run when that is changed.";

    private const string TooWide =
        "PostgreSQL takes 1,600 columns, and rows of 8,160 bytes besides long texts; columns that were dropped count until the table is replaced " +
            "(--full-refresh). Put new fields into one column with --schema-contract json, or leave columns out with --exclude-columns.";

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
        var (user, database) = (PostgresDialect.Quoted(address.Connection.Username!), PostgresDialect.Quoted(address.Connection.Database!));
        var isTransient = IsTransient(error);
        var (said, hint) = error.SqlState switch
        {
            "28P01" or "28000" => (
                $"{address} did not let the user in: {error.MessageText}",
                "Check user and password; the password can be in PGPASSWORD or ~/.pgpass, where nobody else sees it."),
            "3D000" => ($"{address} has no such database.", $"Make it with: createdb {address.Connection.Database}"),
            "42501" => ($"{doing} failed at {address}: {error.MessageText}", Grant(error, database, user)),
            "25006" => (
                $"{doing} failed: {address} takes no writes; it is a standby or read-only.",
                "Name the primary, or several hosts with target_session_attrs=read-write. Where only a setting forbids it: " +
                    $"{Setting(user, database, "default_transaction_read_only", "off")}"),
            "53100" => ($"{doing} failed: the disk of {address} is full. {error.MessageText}", $"Make room. {Again}"),
            "53400" => (Told(doing, address, error), $"An administrator raises the limit: {Setting(user, database, "temp_file_limit", "-1")} {Kept}"),
            "55P03" => (
                $"{doing} failed: another session of {address} holds the table.",
                $"Look at it with: SELECT * FROM pg_stat_activity. {Again}"),
            "57014" or "25P03" or "25P04" when TimeLimit(error) is { } limit => (
                Told(doing, address, error), $"Take the limit away for this user: {Setting(user, database, limit, "0")} {Kept}"),
            // The server's message is in its own language, the name of the encoding is not.
            "0A000" when error.MessageText.Contains("UTF8", StringComparison.Ordinal) => (
                Told(doing, address, error),
                "PostgreSQL can't convert the encoding of this database. Use one in UTF8: createdb -E UTF8 -T template0 NEW_NAME"),
            "0A000" => (Told(doing, address, error), "PostgreSQL can't do that with the table as it is: name another one with --dest-table."),
            "22P05" => (
                Told(doing, address, error),
                "The encoding of the database lacks a character. Make one that has them all: createdb -E UTF8 -T template0 NEW_NAME"),
            "54011" or "54000" => (Told(doing, address, error), TooWide),
            _ => (Told(doing, address, error), isTransient ? Again : Kept),
        };
        return new SluiceException(SluiceErrorKind.Destination, said, hint, error) { IsTransient = isTransient };
    }

    private static string Told(string doing, PostgresAddress address, PostgresException error) =>
        $"{doing} failed at {address}: {error.MessageText} ({error.SqlState})";

    // Connections, conflicts between transactions, resources and shutdowns pass; a limit that somebody has set does not.
    private static bool IsTransient(PostgresException error) =>
        (error.IsTransient || error.SqlState[..2] is "08" or "40" or "53" or "57") && error.SqlState != "53400" && TimeLimit(error) is null;

    // The setting by which the server ended the work; null when it was something else.
    private static string? TimeLimit(PostgresException error) => error.SqlState switch
    {
        "25P03" => "idle_in_transaction_session_timeout",
        "25P04" => "transaction_timeout",
        "57014" when error.MessageText.Contains("statement timeout", StringComparison.Ordinal) => "statement_timeout",
        _ => null,
    };

    private static string Setting(string user, string database, string setting, string value) =>
        $"ALTER ROLE {user} IN DATABASE {database} SET {setting} = {value};";

    // The message names what the right is missing for, but not which right.
    private static string Grant(PostgresException error, string database, string user) =>
        error.MessageText.Contains("create temporary tables", StringComparison.Ordinal)
            ? $"An administrator gives the right with: GRANT TEMPORARY ON DATABASE {database} TO {user};"
        : error.MessageText.Contains("row-level security", StringComparison.Ordinal)
            ? $"A policy of the table keeps rows out. An administrator lets the role pass it with: ALTER ROLE {user} BYPASSRLS;"
        : error.MessageText.Contains("for database", StringComparison.Ordinal)
            ? $"An administrator gives the right with: GRANT CREATE, TEMPORARY ON DATABASE {database} TO {user}; or makes the schema and gives: " +
                $"GRANT USAGE, CREATE ON SCHEMA … TO {user};"
        : error.MessageText.Contains("for schema", StringComparison.Ordinal)
            ? $"An administrator gives the right with: GRANT USAGE, CREATE ON SCHEMA {PostgresDialect.Quoted(error.MessageText.Split(' ')[^1])} " +
                $"TO {user};"
        : $"An administrator gives the right with: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA … TO {user}; only a table's " +
            "owner can add columns to it.";

    private static SluiceException Transient(string said, string hint, Exception error) =>
        new(SluiceErrorKind.Destination, said, hint, error) { IsTransient = true };
}
