using System.Text;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// Where the tables of a schema are. ClickHouse has no schemas: the default one is the address's database, another one has its name in front of its
/// tables there; without a database in the address each schema is a database of its own.
/// </summary>
internal sealed record ClickHouseSchema
{
    private const string Divider = "___";

    /// <summary>
    /// The longest name of a table. A table is a file, whose name has the database, the table's id and the mark of a table aside in it, and in which
    /// every byte that is no letter or digit of ASCII takes three.
    /// </summary>
    public static readonly NameLimit Limit = new(160, "ClickHouse")
    {
        BytesOf = letter => letter.IsAscii && (Rune.IsLetterOrDigit(letter) || letter.Value == '_') ? 1 : 3 * letter.Utf8SequenceLength,
    };

    private readonly string _prefix;

    public ClickHouseSchema(ClickHouseAddress address, string schema)
    {
        Database = address.Database ?? schema;
        _prefix = address.Database is null || schema == LoadTarget.DefaultSchema ? "" : schema + Divider;

        // So that two schemas never mean the same table.
        if (_prefix.Length > 0 && (schema.Contains(Divider, StringComparison.Ordinal) || schema.EndsWith('_')))
        {
            throw Ambiguous($"the schema {schema}");
        }
    }

    /// <summary>The database.</summary>
    public string Database { get; }

    /// <summary>A table's own name, not quoted.</summary>
    public string Bare(string table) =>
        _prefix.Length == 0 && table.Contains(Divider, StringComparison.Ordinal) ? throw Ambiguous($"the table {table}") : _prefix + table;

    /// <summary>A table's name with its database, quoted.</summary>
    public string Name(string table) => Qualify(Bare(table));

    /// <summary>A name that is not a table of the schema's but belongs to one.</summary>
    public string Qualify(string bare) => $"{ClickHouseText.Quote(Database)}.{ClickHouseText.Quote(bare)}";

    private static SluiceException Ambiguous(string what) =>
        new(
            SluiceErrorKind.Config,
            $"ClickHouse has no schemas, so that Sluice writes schema{Divider}table in the database of the address: {what} could mean two things.",
            $"Choose a name without {Divider} (a schema may not end with _ either), or leave the database out of the address: then each schema " +
                $"is a database."
        );
}
