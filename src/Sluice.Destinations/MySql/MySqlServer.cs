using System.Globalization;
using Sluice.Destinations.Merge;
using Sluice.Engine;

namespace Sluice.Destinations.MySql;

/// <summary>What there is to know of a server before it is written to.</summary>
/// <param name="IsMariaDb">Whether it is MariaDB, which differs from MySQL in collations and in how it keeps JSON.</param>
/// <param name="Version">Its version.</param>
/// <param name="MostPacketBytes">The bytes that a statement may have.</param>
internal sealed record MySqlServer(bool IsMariaDb, Version Version, long MostPacketBytes)
{
    // The first ones with a collation in which no two texts are the same unless their bytes are, blanks at the end included.
    private static readonly Version OldestMySql = new(8, 0, 17);
    private static readonly Version OldestMariaDb = new(10, 5, 2);

    /// <summary>What is taken for true as long as no server was asked.</summary>
    public static MySqlServer Unknown { get; } = new(IsMariaDb: true, OldestMariaDb, 1024 * 1024);

    /// <summary>What it is called.</summary>
    public string Product => IsMariaDb ? "MariaDB" : "MySQL";

    /// <summary>The collation that compares texts by their bytes.</summary>
    public string Collation => IsMariaDb ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin";

    /// <summary>Asks the server, and refuses one that is too old.</summary>
    public static async Task<MySqlServer> ReadAsync(DbSession session, string name, CancellationToken cancel)
    {
        var found = (await session.ListAsync(
            "SELECT version(), @@max_allowed_packet", row => (Version: row.GetString(0), Packet: row.GetInt64(1)), cancel))[0];
        var server = new MySqlServer(
            found.Version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase), Parse(found.Version), found.Packet);
        var oldest = server.IsMariaDb ? OldestMariaDb : OldestMySql;
        return server.Version >= oldest
            ? server
            : throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{name} is {server}, which can't keep texts apart that differ by blanks at their end.",
                $"Use MySQL {OldestMySql} or MariaDB {OldestMariaDb}, or a newer one.");
    }

    public override string ToString() => $"{Product} {Version}";

    // 8.0.36-0ubuntu0.22.04.1, 10.11.6-MariaDB-0+deb12u1, and before 11 some put 5.5.5- in front for the sake of old clients.
    private static Version Parse(string text)
    {
        var plain = text.StartsWith("5.5.5-", StringComparison.Ordinal) ? text["5.5.5-".Length..] : text;
        var numbers = plain.Split('-', '+', ' ')[0].Split('.').Take(3).ToList();
        return new Version(Number(0), Number(1), Number(2));
        int Number(int place) =>
            place < numbers.Count && int.TryParse(numbers[place], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
