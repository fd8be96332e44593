using System.Text.RegularExpressions;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// The tables of one try to load, which nobody reads. Their names are new each time: what a stopped try still does can't meet them.
/// </summary>
internal sealed partial class ScratchTables
{
    private const string Start = "_sluice_tmp_";

    private readonly ClickHouseDatabase _database;
    private readonly string _start;

    public ScratchTables(ClickHouseDatabase database, string table)
    {
        _database = database;
        Bare = database.Schema.Bare(table);
        _start = $"{Start}{Bare}_";
        Attempt = Guid.NewGuid().ToString("N")[..8];
    }

    /// <summary>The table that readers see, not quoted.</summary>
    public string Bare { get; }

    public string Attempt { get; }

    /// <summary>The table that readers see.</summary>
    public string Live => _database.Schema.Qualify(Bare);

    /// <summary>The table that takes the live one's place.</summary>
    public string Made => Name('n');

    /// <summary>The live table before its columns were widened, or after.</summary>
    public string Widened => Name('w');

    /// <summary>The staged rows as they came.</summary>
    public string Rows => Name('s');

    /// <summary>Those of them that the live table does not have.</summary>
    public string Changed => Name('c');

    /// <summary>What is added to the live table.</summary>
    public string Delta => Name('d');

    /// <summary>The same, not quoted and without its database.</summary>
    public string DeltaBare => $"{_start}{Attempt}d";

    /// <summary>Drops the tables of this try and of all others of the table that were stopped.</summary>
    public async Task DropAsync(CancellationToken cancel)
    {
        foreach (var name in await _database.TablesAsync(cancel))
        {
            if (name.StartsWith(_start, StringComparison.Ordinal) && Ending().IsMatch(name[_start.Length..]))
            {
                // On a cluster each node is told: some of these tables are on all of them.
                await _database.Server.RunAsync(_database.Ddl.Drop(_database.Schema.Qualify(name)), cancel);
            }
        }
    }

    private string Name(char kind) => _database.Schema.Qualify($"{_start}{Attempt}{kind}");

    [GeneratedRegex("^[0-9a-f]{8}[nwscd]$", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Ending();
}
