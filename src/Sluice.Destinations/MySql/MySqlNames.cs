using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.MySql;

/// <summary>
/// Where the tables of a schema are. To MySQL a schema is a database: with one in the address all tables are in it, those of another schema than the
/// default one with its name in front; without one each schema is a database of its own.
/// </summary>
/// <param name="database">The address's database, or null.</param>
internal sealed class MySqlNames(string? database)
{
    private const string Divider = "___";
    private const int MostLetters = 64;
    private const int RoomForSchema = 16;

    /// <summary>The longest name of a column, an index or a table; MySQL counts letters, not bytes.</summary>
    public static readonly NameLimit Limit = new(MostLetters, "MySQL") { BytesOf = _ => 1 };

    /// <summary>The longest name of a table that data gives it, with room for the name of a schema before it.</summary>
    public static readonly NameLimit TableLimit = new(MostLetters - RoomForSchema, "MySQL") { BytesOf = _ => 1 };

    /// <summary>Quotes a name.</summary>
    public static string Quote(string identifier) => $"`{identifier.Replace("`", "``", StringComparison.Ordinal)}`";

    /// <summary>The database that a schema's tables are in.</summary>
    public string DatabaseOf(string schema) => database ?? schema;

    /// <summary>A table's own name there, not quoted; that of a table aside is cut if need be.</summary>
    public string Bare(string schema, string table) => Limit.Short(Prefix(schema), table, "");

    /// <summary>What all names of a schema's tables begin with.</summary>
    public string Prefix(string schema) => database is null || schema == LoadTarget.DefaultSchema ? "" : schema + Divider;

    /// <summary>A table's name with its database, quoted.</summary>
    public string Table(string schema, string table) => $"{Quote(DatabaseOf(schema))}.{Quote(Bare(schema, table))}";

    /// <summary>Why a table can't have its name, or null.</summary>
    public SluiceException? Refuses(string schema, string table)
    {
        var prefix = Prefix(schema);
        if (prefix.Length > 0 ? schema.Contains(Divider, StringComparison.Ordinal) || schema.EndsWith('_')
            : database is not null && table.Contains(Divider, StringComparison.Ordinal))
        {
            return new SluiceException(
                SluiceErrorKind.Config,
                $"To MySQL a schema is a database, so that Sluice writes schema{Divider}table in the database of the address: {schema}.{table} " +
                    "could mean two things.",
                $"Choose a name without {Divider} (a schema may not end with _ either), or leave the database out of the address: then each " +
                    "schema is a database.");
        }

        return new[] { prefix + table, DatabaseOf(schema) }.FirstOrDefault(name => !Takes(name)) is not { } refused ? null : new SluiceException(
            SluiceErrorKind.Config,
            $"MySQL takes no table or database called {refused}: names have {MostLetters} letters at most, end with no blank and have no letters " +
                "beyond U+FFFF, such as emoji.",
            "Choose another one with --dest-schema or --dest-table.");
    }

    private static bool Takes(string name) =>
        Limit.Takes(name) && !name.EndsWith(' ') && name.EnumerateRunes().All(letter => letter.IsBmp && letter.Value > 0);
}
