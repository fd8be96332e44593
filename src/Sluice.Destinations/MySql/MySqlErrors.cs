using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using MySqlConnector;
using Sluice.Engine;

namespace Sluice.Destinations.MySql;

/// <summary>Says the errors of MySQL and MariaDB in words that tell what to do.</summary>
internal static class MySqlErrors
{
    private const string Again = "What was fetched is kept: run the same command again.";
    private const string Kept = "What was fetched is kept, and loaded by the next run when that is changed.";
    private const int MariaDbConstraint = 4025;
    private const int MySqlConstraint = 3819;
    private const int NoPrimaryKey = 3750;

    private const string TooWide =
        "InnoDB takes 1,017 columns, and of rows with more than about 190 texts not all. Put new fields into one column with --schema-contract " +
            "json, or leave columns out with --exclude-columns.";

    /// <summary>Whether the server refused a value (a text or a number that it can't store), and not the work as a whole.</summary>
    public static bool IsValueError(DbException error) => error is MySqlException refused && (
        refused.Number is MariaDbConstraint or MySqlConstraint
        || refused.ErrorCode is MySqlErrorCode.InvalidJsonText or MySqlErrorCode.DataTooLong or MySqlErrorCode.TruncatedWrongValueForField
            or MySqlErrorCode.WarningDataOutOfRange or MySqlErrorCode.InvalidJsonCharset or MySqlErrorCode.JsonDocumentTooDeep);

    public static SluiceException Explain(string doing, MySqlAddress address, DbException error) =>
        error switch
        {
            _ when InnerOf<AuthenticationException>(error) is { } tls => new SluiceException(
                SluiceErrorKind.Destination,
                $"{doing} failed: no TLS with {address}: {tls.Message}",
                "Name the authority's certificate with sslrootcert, or choose another sslmode.",
                error),
            _ when InnerOf<SocketException>(error) is { SocketErrorCode: SocketError.ConnectionRefused } => Transient(
                $"{doing} failed: nothing answers at {address}.",
                "Start the server, or check host and port with: mysqladmin ping -h HOST -P PORT",
                error),
            _ when InnerOf<SocketException>(error)
                    is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Transient(
                $"{doing} failed: the host of {address} has no address.",
                "Check the name of the host.",
                error),
            MySqlException { ErrorCode: MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.None or MySqlErrorCode.CommandTimeoutExpired }
                or not MySqlException => Transient(
                $"{doing} failed: the connection to {address} broke: {error.InnerException?.Message ?? error.Message}", Again, error),
            MySqlException refused => Explain(doing, address, refused),
        };

    private static SluiceException Explain(string doing, MySqlAddress address, MySqlException error)
    {
        var user = $"'{address.Connection.UserID}'@'%'";
        var place = address.Database is { } database ? $"{MySqlNames.Quote(database)}.*" : "*.*";
        var isTransient = IsTransient(error);
        var told = $"{doing} failed at {address}: {error.Message} ({error.Number})";
        var (said, hint) = error.ErrorCode switch
        {
            MySqlErrorCode.AccessDenied => (
                $"{address} did not let the user in: {error.Message}",
                "Check user and password; the password can be in MYSQL_PWD or ~/.my.cnf, where nobody else sees it."),
            MySqlErrorCode.UnknownDatabase => (
                $"{address} has no such database.",
                $"Make it with: CREATE DATABASE {MySqlNames.Quote(address.Connection.Database)} CHARACTER SET utf8mb4;"),
            MySqlErrorCode.DatabaseAccessDenied or MySqlErrorCode.TableAccessDenied or MySqlErrorCode.ColumnAccessDenied => (
                told,
                "An administrator gives the rights with: GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, CREATE TEMPORARY " +
                    $"TABLES ON {place} TO {user};"),
            MySqlErrorCode.OptionPreventsStatement => (
                $"{doing} failed: {address} takes no writes: {error.Message}",
                "Name the primary, or ask an administrator for: SET GLOBAL read_only = OFF;"),
            MySqlErrorCode.PacketTooLarge => (
                told,
                $"A value is longer than a statement may be. An administrator raises it with: SET GLOBAL max_allowed_packet = 1073741824; {Kept}"),
            MySqlErrorCode.LockWaitTimeout => (
                told, $"Another session holds the table or rows of it. Look at it with: SHOW FULL PROCESSLIST; {Again}"),
            MySqlErrorCode.DiskFull or MySqlErrorCode.RecordFileFull => (told, $"Make room on the server's disk. {Again}"),
            MySqlErrorCode.TooBigRowSize or MySqlErrorCode.TooManyFields => (told, TooWide),
            MySqlErrorCode.DuplicateKeyEntry => (
                told, "A unique index of yours refuses a row: drop it, and make it again afterwards if rows allow it."),
            MySqlErrorCode.NoReferencedRow or MySqlErrorCode.NoReferencedRow2 or MySqlErrorCode.RowIsReferenced
                or MySqlErrorCode.RowIsReferenced2 => (
                told, $"Drop the foreign key that is named, and make it again afterwards if rows allow it. {Kept}"),
            (MySqlErrorCode)NoPrimaryKey => (
                told,
                "The server wants a primary key in each table. An administrator lets it make one: SET GLOBAL sql_generate_invisible_primary_key = " +
                    "ON;"),
            _ => (told, isTransient ? Again : Kept),
        };
        return new SluiceException(SluiceErrorKind.Destination, said, hint, error) { IsTransient = isTransient };
    }

    private static bool IsTransient(MySqlException error) =>
        error.IsTransient
        || error.ErrorCode is MySqlErrorCode.LockWaitTimeout or MySqlErrorCode.LockDeadlock or MySqlErrorCode.ServerShutdown
            or MySqlErrorCode.ConnectionCountError or MySqlErrorCode.DiskFull or MySqlErrorCode.RecordFileFull or MySqlErrorCode.QueryInterrupted;

    private static T? InnerOf<T>(Exception error)
        where T : Exception
    {
        for (Exception? inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static SluiceException Transient(string said, string hint, Exception error) =>
        new(SluiceErrorKind.Destination, said, hint, error) { IsTransient = true };
}
