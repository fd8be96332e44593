using System.Globalization;
using MySqlConnector;
using Sluice.Destinations.Merge;

namespace Sluice.Destinations.MySql;

/// <summary>The indexes by which rows are found by their key. Of a text an index has the beginning only.</summary>
internal sealed class MySqlIndexes(MySqlNames names)
{
    // An index takes 3,072 bytes of a row, a letter is reckoned as four, and a number as nine with its mark of NULL.
    private const int MostIndexedLetters = 750;

    /// <summary>The letters of each text that a key of so many columns has in an index: two keys that differ behind them would be the same.</summary>
    public static int MostLetters(int columns) => MostIndexedLetters / columns;

    /// <summary>The columns of an index; empty when there is none of its name.</summary>
    public Task<IReadOnlyList<string>> ColumnsAsync(DbSession session, KeyIndex index, CancellationToken cancel) => session.ListAsync(
        MySqlCatalog.IndexColumns,
        row => row.GetString(0),
        cancel,
        ("index", index.Name),
        ("schema", names.DatabaseOf(index.Schema)),
        ("table", names.Bare(index.Schema, index.Table)));

    /// <summary>Drops an index, if it is there.</summary>
    public async Task DropAsync(DbSession session, KeyIndex index, CancellationToken cancel)
    {
        if ((await ColumnsAsync(session, index, cancel)).Count > 0)
        {
            await session.RunAsync($"ALTER TABLE {names.Table(index.Schema, index.Table)} DROP INDEX {MySqlNames.Quote(index.Name)}", cancel);
        }
    }

    /// <summary>Makes an index, unless keys are longer than one can tell apart.</summary>
    public async Task<IndexOutcome> CreateAsync(DbSession session, KeyIndex index, CancellationToken cancel)
    {
        var table = names.Table(index.Schema, index.Table);
        var lengths = string.Join(", ", index.Key.Select(column => $"coalesce(max(char_length({MySqlNames.Quote(column)})), 0)"));
        if (index.IsUnique && await session.ScalarAsync($"SELECT greatest(0, {lengths}) FROM {table}", cancel) > MostLetters(index.Key.Count))
        {
            return IndexOutcome.KeyTooLong;
        }

        try
        {
            await session.RunAsync(
                $"ALTER TABLE {table} ADD {(index.IsUnique ? "UNIQUE " : "")}INDEX {MySqlNames.Quote(index.Name)} " +
                    $"({await PartsAsync(session, table, index.Key, cancel)})",
                cancel);
            return IndexOutcome.Made;
        }
        catch (MySqlException error) when (error.ErrorCode is MySqlErrorCode.DuplicateKeyEntry)
        {
            return IndexOutcome.HasDuplicates;
        }
    }

    /// <summary>What an index has of each column: the beginning of texts of any length, and the whole of all else.</summary>
    public static async Task<string> PartsAsync(DbSession session, string table, IReadOnlyList<string> key, CancellationToken cancel)
    {
        var texts = (await session.ListAsync($"SHOW COLUMNS FROM {table}", row => (Name: row.GetString(0), Type: row.GetString(1)), cancel))
            .Where(column => column.Type.Contains("text", StringComparison.OrdinalIgnoreCase))
            .Select(column => column.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return string.Join(", ", key.Select(column => texts.Contains(column)
            ? string.Create(CultureInfo.InvariantCulture, $"{MySqlNames.Quote(column)}({MostLetters(key.Count)})")
            : MySqlNames.Quote(column)));
    }
}
