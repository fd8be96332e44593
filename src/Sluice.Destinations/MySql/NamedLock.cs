using System.Security.Cryptography;
using System.Text;
using Sluice.Destinations.Merge;
using Sluice.Engine;

namespace Sluice.Destinations.MySql;

/// <summary>
/// A lock of the server's by name (GET_LOCK): it ends with the connection, however that ends, and what commits in between lets it be.
/// </summary>
internal static class NamedLock
{
    private const int LetterCount = 40;
    private const int PatienceSeconds = 600;

    /// <summary>The lock's name; MySQL takes 64 letters.</summary>
    public static string NameOf(string what) =>
        $"sluice_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))[..LetterCount]}";

    /// <summary>Waits for a lock; a connection may take one more than once.</summary>
    /// <exception cref="SluiceException">Somebody else keeps it (kind Destination, transient).</exception>
    public static async Task TakeAsync(DbSession session, string what, CancellationToken cancel)
    {
        if (!await TryAsync(session, what, PatienceSeconds, cancel))
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"Another Sluice is at work on the {what}, for {PatienceSeconds / 60} minutes now.",
                "Look at it with SHOW PROCESSLIST. What was fetched is kept: run the same command again.")
            {
                IsTransient = true,
            };
        }
    }

    /// <summary>Takes a lock if it is free within a time.</summary>
    public static async Task<bool> TryAsync(DbSession session, string what, int seconds, CancellationToken cancel) =>
        await session.ScalarAsync("SELECT coalesce(GET_LOCK(@name, @seconds), 0)", cancel, ("name", NameOf(what)), ("seconds", seconds)) == 1;

    /// <summary>Lets a lock go that was taken once.</summary>
    public static Task ReleaseAsync(DbSession session, string what) =>
        session.RunAsync("DO RELEASE_LOCK(@name)", CancellationToken.None, ("name", NameOf(what)));
}
