using System.Text.RegularExpressions;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The tables of one publication, which nobody reads. Their names are new each time: what a stopped one still does can't meet them.</summary>
internal sealed partial class WorkTables
{
    private const string Start = "_sluice_tmp_";

    private readonly ClickHousePlace _place;
    private readonly string _start;

    public WorkTables(ClickHousePlace place, string table)
    {
        _place = place;
        Bare = place.Schema.Bare(table);
        _start = $"{Start}{Bare}_";
        Attempt = Guid.NewGuid().ToString("N")[..8];
    }

    /// <summary>The table that readers see, not quoted.</summary>
    public string Bare { get; }

    public string Attempt { get; }

    /// <summary>The table that readers see.</summary>
    public string Live => _place.Schema.Qualify(Bare);

    /// <summary>The table that takes the live one's place.</summary>
    public string Made => Name('n');

    /// <summary>The live table before its columns were widened, or after.</summary>
    public string Widened => Name('w');

    /// <summary>Where an old server puts the old table while the new one takes its place.</summary>
    public string Aside => Name('o');

    /// <summary>The staged rows as they came.</summary>
    public string Rows => Name('s');

    /// <summary>Those of them that the live table does not have.</summary>
    public string Changed => Name('c');

    /// <summary>What is added to the live table.</summary>
    public string Delta => Name('d');

    /// <summary>The same, not quoted and without its database.</summary>
    public string DeltaBare => $"{_start}{Attempt}d";

    /// <summary>Drops the tables of this publication and of all others of the table that were stopped.</summary>
    public async Task DropAsync(CancellationToken cancel)
    {
        foreach (var name in await _place.TablesAsync(cancel))
        {
            if (name.StartsWith(_start, StringComparison.Ordinal) && Ending().IsMatch(name[_start.Length..]))
            {
                // On a cluster each node is told: some of these tables are on all of them.
                await _place.Client.RunAsync(_place.Ddl.Drop(_place.Schema.Qualify(name)), cancel);
            }
        }
    }

    private string Name(char kind) => _place.Schema.Qualify($"{_start}{Attempt}{kind}");

    [GeneratedRegex("^[0-9a-f]{8}[nwoscd]$", RegexOptions.NonBacktracking)]
    private static partial Regex Ending();
}
