using System.Globalization;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.ClickHouse;

/// <summary>A table as the server has it now.</summary>
internal sealed record ClickHouseTable
{
    /// <summary>Tells rows apart whose keys don't: 0 for the one row of a key.</summary>
    public const string Row = "_sluice_row";

    /// <summary>Of the rows of one key, the one with the highest number counts.</summary>
    public const string Version = "_sluice_version";

    /// <summary>1 says that the row is no more; old servers have no such thing.</summary>
    public const string IsDeleted = "_sluice_is_deleted";

    /// <summary>How many rows of one load can be told apart.</summary>
    public const int RowBits = 36;

    /// <summary>The name with its database, quoted.</summary>
    public required string Name { get; init; }

    public required string Engine { get; init; }

    public required string Created { get; init; }

    public required IReadOnlyList<ClickHouseColumn> Columns { get; init; }

    public required IReadOnlyList<string> SortingKey { get; init; }

    /// <summary>What reads each row once.</summary>
    public string Rows(string? columns = null) => $"(SELECT {columns ?? "*"} FROM {Name}{(Engine.Contains("Replacing", StringComparison.Ordinal) ? " FINAL" : "")})";

    public bool IsOurs => Has(Row) && Has(Version);

    public bool HasTombstones => Created.Contains($", {IsDeleted})", StringComparison.Ordinal);

    public bool IsMarked => Has(SystemColumns.DeletedAt);

    public bool Has(string column) => Find(column) is not null;

    public ClickHouseColumn? Find(string column) => Columns.FirstOrDefault(one => one.Name.Equals(column, StringComparison.OrdinalIgnoreCase));

    /// <summary>Counts the rows, those marked as deleted left out.</summary>
    public Task<long> CountAsync(ClickHouseClient client, CancellationToken cancel) => client.CountAsync(
        IsMarked ? $"SELECT count() FROM {Rows(SystemColumns.DeletedAt)} WHERE isNull({SystemColumns.DeletedAt})" : $"SELECT count() FROM {Rows(Columns[0].Quoted)}", cancel);

    /// <summary>The number of the load that changed the table last.</summary>
    public Task<long> VersionAsync(ClickHouseClient client, CancellationToken cancel) => client.CountAsync($"SELECT toInt64(max({Version})) FROM {Name}", cancel);

    /// <summary>What only ClickHouse needs: no reader of rows asks for it.</summary>
    public static bool IsHidden(string column) => column is Row or Version or IsDeleted;

    /// <summary>Reads what a table is; null when there is none.</summary>
    public static async Task<ClickHouseTable?> ReadAsync(ClickHouseClient client, ClickHouseSchema schema, string bare, CancellationToken cancel)
    {
        (string, string)[] values = [("database", schema.Database), ("table", bare)];
        var found = await client.RowsAsync("SELECT engine, engine_full, sorting_key FROM system.tables WHERE database = {database:String} AND name = {table:String}", cancel, values);
        if (found.Count == 0)
        {
            return null;
        }

        // A table that is exchanged at this very moment may be gone when its columns are asked for: both come from one answer or are asked again.
        var columns = await client.RowsAsync(
            "SELECT name, type, is_in_sorting_key FROM system.columns WHERE database = {database:String} AND table = {table:String}", cancel, values);
        return new ClickHouseTable
        {
            Name = schema.Qualify(bare),
            Engine = found[0][0]!,
            Created = found[0][1]!,
            Columns = [.. columns.Select(column => new ClickHouseColumn(column[0]!, column[1]!))],
            SortingKey = [.. columns.Where(column => int.Parse(column[2]!, CultureInfo.InvariantCulture) == 1).Select(column => column[0]!)],
        };
    }
}
