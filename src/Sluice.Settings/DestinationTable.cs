using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Settings;

/// <summary>Reads <c>--dest-table</c> and <c>--dest-schema</c>.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Table">The table, or null to name it after its source.</param>
public sealed record DestinationTable(string Schema, string? Table)
{
    /// <summary>The schema when none is named.</summary>
    public const string DefaultSchema = LoadTarget.DefaultSchema;

    /// <summary>Reads <c>[schema.]table</c> and a schema given by itself, and notes what is wrong.</summary>
    public static DestinationTable Read(string? table, string? schema, int tables, ValidationErrors mistakes)
    {
        if (string.IsNullOrWhiteSpace(table))
        {
            return new DestinationTable(Name("--dest-schema", schema, mistakes) ?? DefaultSchema, null);
        }

        if (tables > 1)
        {
            mistakes.Add(
                $"--dest-table names one table, but {tables} are read.",
                "Leave it out (each table gets its own name), or name only the schema with --dest-schema.");
        }

        var parts = table.Split('.');
        if (parts.Length > 2)
        {
            mistakes.Add($"--dest-table has more than a schema and a table: '{table}'.", "Write it as schema.table or table.");
            return new DestinationTable(DefaultSchema, null);
        }

        var named = parts.Length == 2 ? Name("--dest-table", parts[0], mistakes) : null;
        var wanted = Name("--dest-schema", schema, mistakes);
        if (named is not null && wanted is not null && !named.Equals(wanted, StringComparison.OrdinalIgnoreCase))
        {
            mistakes.Add($"--dest-table says schema {named}, --dest-schema says {wanted}.", "Give the schema once.");
        }

        return new DestinationTable(named ?? wanted ?? DefaultSchema, Name("--dest-table", parts[^1], mistakes));
    }

    private static string? Name(string option, string? text, ValidationErrors mistakes)
    {
        if (text is null)
        {
            return null;
        }

        var name = text.Trim();
        if (name.Length == 0 || name.Any(letter => char.IsControl(letter) || letter is '"' or '\'' or '\\' or '/' or '.' or ';'))
        {
            mistakes.Add($"{option} holds no usable name: '{text}'.", "Use letters, digits and underscores, as in customerio.broadcasts.");
        }
        else if (name.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase))
        {
            mistakes.Add($"{option} begins with _sluice_, which names Sluice's own tables: '{text}'.", "Choose another name.");
        }

        return name;
    }
}
