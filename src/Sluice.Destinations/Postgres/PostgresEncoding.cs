using System.Text;
using Npgsql;
using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Postgres;

/// <summary>
/// Which characters a database can hold. One in UTF8 holds all; what one in another encoding of one byte a character lacks, goes to the rejects. Of
/// encodings with several bytes it is not known beforehand.
/// </summary>
/// <param name="Name">PostgreSQL's name of the encoding.</param>
/// <param name="Held">The characters beyond ASCII that it has; null when it holds every text, or when nobody knows.</param>
internal sealed record PostgresEncoding(string Name, string? Held)
{
    // Some bytes mean nothing in an encoding: the server says so with an error, and can only be asked for one at a time.
    private const string Ask = """
        CREATE FUNCTION pg_temp._sluice_held(code int) RETURNS text LANGUAGE plpgsql AS $$
        BEGIN RETURN encode(convert(set_byte(decode('00', 'hex'), 0, code), getdatabaseencoding(), 'UTF8'), 'hex');
        EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$
        """;

    /// <summary>Any text, whatever characters it has.</summary>
    public static PostgresEncoding Utf8 { get; } = new("UTF8", null);

    /// <summary>Asks the database.</summary>
    public static async Task<PostgresEncoding> ReadAsync(DbSession session, CancellationToken cancel)
    {
        var (name, most) = (await session.ListAsync(
            "SELECT pg_encoding_to_char(encoding)::text, pg_encoding_max_length(encoding) FROM pg_database WHERE datname = current_database()",
            row => (row.GetString(0), row.GetInt32(1)),
            cancel))[0];

        // SQL_ASCII keeps the bytes of every text.
        return new PostgresEncoding(name, name is "UTF8" or "SQL_ASCII" || most > 1 ? null : await HeldAsync(session, cancel));
    }

    private static async Task<string?> HeldAsync(DbSession session, CancellationToken cancel)
    {
        try
        {
            await session.BeginAsync(cancel);
            await session.RunAsync(Ask, cancel);
            var letters = await session.ListAsync(
                "SELECT held FROM (SELECT pg_temp._sluice_held(code) AS held FROM generate_series(128, 255) AS code) AS found WHERE held IS NOT NULL",
                row => Encoding.UTF8.GetString(Convert.FromHexString(row.GetString(0))),
                cancel);
            return string.Concat(letters);
        }
        catch (PostgresException)
        {
            // Who may only read has no temporary functions, and nothing to write.
            return null;
        }
    }

    /// <summary>The condition, in DuckDB's words, under which a text or a document has a character that the database lacks.</summary>
    public string? LacksWhen(string column, ColumnType type) => Held is { } held && type is (ColumnType.Text or ColumnType.Json)
        ? $@"regexp_matches(CAST({column} AS VARCHAR), '[^\x00-\x7F{string.Concat(held.Select(letter => $@"\x{{{(int)letter:X4}}}"))}]')"
        : null;

    /// <summary>A value that is kept among the rejects, in DuckDB's words: what the database may lack is written as JSON has it, in ASCII.</summary>
    public string InAscii(string value) => Held is null
        ? value
        : $$"""
            array_to_string(list_transform(string_split({{value}}, ''), lambda c: CASE WHEN unicode(c) < 128 THEN c
              WHEN unicode(c) < 65536 THEN format('\u{:04x}', unicode(c))
              ELSE format('\u{:04x}\u{:04x}', 55296 + ((unicode(c) - 65536) // 1024), 56320 + (unicode(c) % 1024)) END), '')
            """;

    /// <summary>What is to be said of it when somebody asks whether the database can be written; empty where nothing is lost.</summary>
    public override string ToString() => Name is "UTF8" or "SQL_ASCII"
        ? ""
        : $", encoding {Name}: values with characters that it lacks {(Held is null ? "stop a load" : "go to _sluice_rejects")}; " +
            "createdb -E UTF8 -T template0 makes a database that has all";
}
