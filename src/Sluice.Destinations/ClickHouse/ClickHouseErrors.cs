using System.Globalization;
using System.Text.RegularExpressions;
using ClickHouse.Driver;
using Sluice.Engine;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Says ClickHouse's errors in words that tell what to do.</summary>
internal static partial class ClickHouseErrors
{
    private const string Kept = "What was fetched is kept: run the same command again.";
    private const string LaterKept = "What was fetched is kept, and loaded by the next run when that is changed.";

    /// <summary>Names what was being done, where, what came in the way and what to do next.</summary>
    /// <param name="address">The server.</param>
    /// <param name="doing">What was being done, such as "Writing crm.people".</param>
    /// <param name="error">What came instead of an answer.</param>
    public static SluiceException Say(ClickHouseAddress address, string doing, ClickHouseException error) => new(
        SluiceErrorKind.Destination, $"{doing} failed at {address}: {error.Message}", Hint(address, error), error)
    {
        IsTransient = error.IsTransient,
    };

    /// <summary>Runs work on a server and says its errors in our words.</summary>
    public static async Task<T> GuardAsync<T>(ClickHouseAddress address, string doing, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (ClickHouseException error)
        {
            throw Say(address, doing, error);
        }
    }

    public static async Task GuardAsync(ClickHouseAddress address, string doing, Func<Task> work) => await GuardAsync(address, doing, async () =>
    {
        await work();
        return true;
    });

    private static string Hint(ClickHouseAddress address, ClickHouseException error) =>
        error.Code switch
        {
            192 or 193 or 194 or 516 =>
                $"Check the user ({address.User}) and the password: in the address (percent-encoded) or in CLICKHOUSE_PASSWORD.",
            ClickHouseException.AccessDenied or 291 => Grant(address, error.Message),
            ClickHouseException.ReadOnly => $"The user {address.User} may only read. {Rights(address)}",
            ClickHouseException.UnknownDatabase =>
                $"Make it: CREATE DATABASE {ClickHouseText.Quote(address.Database ?? "customerio")}, or grant the right to.",
            ClickHouseException.NoAnswer
                when error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                $"Check the host's name: {address.Host}.",
            ClickHouseException.NoAnswer when error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
                $"Is ClickHouse running, and is {address.Port} the port of its HTTP interface? {Kept}",
            ClickHouseException.NoAnswer
                when error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                "Check secure=true and the port: 8443 is the secure one unless the server says otherwise.",
            ClickHouseException.NotImplemented when error.Message.Contains("EXCHANGE", StringComparison.OrdinalIgnoreCase) =>
                "Tables change places only in databases with the engine Atomic or Replicated: make another one with CREATE DATABASE, and load " +
                    "into that.",
            243 => $"Make room on the server's disk. {Kept}",
            252 => $"The server merges more slowly than rows come. {Kept}",
            159 => "A limit of the server's, or the timeout of the address, is too short. An administrator takes it away with: ALTER USER " +
                $"{ClickHouseText.Quote(address.User)} SETTINGS max_execution_time = 0; {LaterKept}",
            201 => $"The user's quota is used up: SHOW QUOTA tells when it begins anew. {LaterKept}",
            359 => $"The server drops no table of that size unless its setting max_table_size_to_drop says so. {LaterKept}",
            _ => error.IsTransient ? Kept : LaterKept,
        };

    // Newer servers name the right themselves: "Not enough privileges. To execute this query, it's necessary to have the grant INSERT(a) ON db.t".
    private static string Grant(ClickHouseAddress address, string message) => Needed().Match(message) is { Success: true } found
        ? $"Let an administrator run: GRANT {found.Groups[1].Value} TO {ClickHouseText.Quote(address.User)}. {Rights(address)}"
        : Rights(address);

    private static string Rights(ClickHouseAddress address) =>
        address.Database is { } database
            ? $"All that Sluice needs: GRANT SELECT, INSERT, ALTER, CREATE TABLE, DROP TABLE ON {ClickHouseText.Quote(database)}.* TO " +
                $"{ClickHouseText.Quote(address.User)}"
            : $"All that Sluice needs: GRANT SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, DROP TABLE ON *.* TO " +
                $"{ClickHouseText.Quote(address.User)}";

    [GeneratedRegex(@"the grant (.{1,400}? ON \S+?)\.?(?:\s|$)", RegexOptions.NonBacktracking)]
    private static partial Regex Needed();
}

/// <summary>What the server, or the way to it, said instead of an answer.</summary>
internal sealed partial class ClickHouseException(int code, string text, Exception? inner = null) : Exception(text, inner)
{
    public const int NoAnswer = 0;
    public const int NotImplemented = 48;
    public const int TableExists = 57;
    public const int UnknownTable = 60;
    public const int UnknownDatabase = 81;
    public const int ReadOnly = 164;
    public const int AccessDenied = 497;

    private const int MostErrorLetters = 600;

    /// <summary>ClickHouse's number of the error; <see cref="NoAnswer"/> when the connection failed.</summary>
    public int Code { get; } = code;

    /// <summary>Whether it is about what is written in a statement: its syntax, a name in it, or that it would change something.</summary>
    public bool IsOfStatement => Code is 62 or 47 or UnknownTable or 46 or ReadOnly;

    /// <summary>Whether a later try may succeed without a change: no connection, too busy, out of memory, shutting down.</summary>
    public bool IsTransient =>
        Code is NoAnswer or 159 or 160 or 202 or 203 or 209 or 210 or 236 or 241 or 242 or 252 or 319 or 394 or 425 or 439 or 999;

    /// <summary>What an exception of the driver's means; null for one that has nothing to do with the server.</summary>
    public static ClickHouseException? From(Exception error) => error switch
    {
        ClickHouseException told => told,
        ClickHouseServerException refused => FromAnswer(refused.Message.Trim(), refused),
        HttpRequestException or IOException => new ClickHouseException(
            NoAnswer, error.InnerException is { } inner ? $"{error.Message.TrimEnd('.')}: {inner.Message}" : error.Message, error),
        _ => null,
    };

    private static ClickHouseException FromAnswer(string text, Exception error)
    {
        var code = CodeIn().Match(text) is { Success: true } found
            ? int.Parse(found.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
            : -1;
        var words = Noise().Replace(text.Split("Stack trace", 2)[0], "").Trim();
        words = words.Length > MostErrorLetters ? string.Concat(words.AsSpan(0, MostErrorLetters), " …") : words;
        return new ClickHouseException(code, code < 0 ? $"not an answer of ClickHouse's: {words}" : $"{words} (error {code})", error);
    }

    [GeneratedRegex(@"Code: (\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex CodeIn();

    [GeneratedRegex(@"^Code: \d+[.,] DB::Exception: | \(version [^)]*(\([^)]*\))?\)$", RegexOptions.NonBacktracking)]
    private static partial Regex Noise();
}
