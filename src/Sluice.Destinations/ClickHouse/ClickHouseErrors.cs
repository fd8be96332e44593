using System.Text.RegularExpressions;
using Sluice.Engine;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Says ClickHouse's errors in words that tell what to do.</summary>
internal static partial class ClickHouseErrors
{
    private const string Kept = "What was fetched is kept: run the same command again.";

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

    private static string Hint(ClickHouseAddress address, ClickHouseException error) => error.Code switch
    {
        192 or 193 or 194 or 516 =>
            $"Check the user ({address.User}) and the password: in the address (percent-encoded) or in CLICKHOUSE_PASSWORD.",
        ClickHouseException.AccessDenied or 291 => Grant(address, error.Message),
        ClickHouseException.ReadOnly => $"The user {address.User} may only read. {Rights(address)}",
        ClickHouseException.UnknownDatabase => $"Make it: CREATE DATABASE {ClickHouseText.Quote(address.Database ?? "customerio")}, or grant the right to.",
        ClickHouseException.NoAnswer when error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            $"Check the host's name: {address.Host}.",
        ClickHouseException.NoAnswer when error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            $"Is ClickHouse running, and is {address.Port} the port of its HTTP interface? {Kept}",
        ClickHouseException.NoAnswer when error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            "Check secure=true and the port: 8443 is the secure one unless the server says otherwise.",
        243 => $"Make room on the server's disk. {Kept}",
        252 => $"The server merges more slowly than rows come. {Kept}",
        _ => Kept,
    };

    // Newer servers name the right themselves: "Not enough privileges. To execute this query, it's necessary to have the grant INSERT(a) ON db.t".
    private static string Grant(ClickHouseAddress address, string message) => Needed().Match(message) is { Success: true } found
        ? $"Let an administrator run: GRANT {found.Groups[1].Value} TO {ClickHouseText.Quote(address.User)}. {Rights(address)}"
        : Rights(address);

    private static string Rights(ClickHouseAddress address) => address.Database is { } database
        ? $"All that Sluice needs: GRANT SELECT, INSERT, ALTER, CREATE TABLE, DROP TABLE ON {ClickHouseText.Quote(database)}.* TO {ClickHouseText.Quote(address.User)}"
        : $"All that Sluice needs: GRANT SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, DROP TABLE ON *.* TO {ClickHouseText.Quote(address.User)}";

    [GeneratedRegex(@"the grant (.{1,400}? ON \S+?)\.?(?:\s|$)", RegexOptions.NonBacktracking)]
    private static partial Regex Needed();
}
