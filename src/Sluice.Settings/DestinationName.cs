using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Settings;

/// <summary>Reads the names that tables and schemas have in a destination.</summary>
public static class DestinationName
{
    /// <summary>The schema when none is named.</summary>
    public const string DefaultSchema = LoadTarget.DefaultSchema;

    /// <summary>Reads the name of a schema, the default one when there is none, and notes what is wrong.</summary>
    public static string Schema(string? text, ValidationErrors mistakes) =>
        text is null ? DefaultSchema : Read(new Said(IngestSettings.Schema, [text], mistakes), text);

    internal static JobDraft ApplySchema(JobDraft draft, Said said)
    {
        var schema = Read(said, said.Words[^1]);

        // The table was said before: only on the command line can it name a schema, too.
        if (draft.Table?.Split('.') is [var named, _] && !named.Equals(schema, StringComparison.OrdinalIgnoreCase))
        {
            said.Refuse($"{IngestSettings.Table} says schema {named}, {said.Key} says {schema}.", "Give the schema once.");
        }

        return draft with { Schema = schema };
    }

    internal static JobDraft ApplyTable(JobDraft draft, Said said)
    {
        if (said.Text is not { } text)
        {
            return draft;
        }

        var parts = text.Split('.');
        if (parts.Length > 2)
        {
            said.Refuse($"{said.Key} has more than a schema and a table: '{text}'.", "Write it as schema.table or table.");
            return draft;
        }

        return draft with { Table = string.Join('.', parts.Select(part => Read(said, part))) };
    }

    private static string Read(Said said, string text)
    {
        var name = text.Trim();
        if (name.Length == 0 || name.Any(letter => char.IsControl(letter) || letter is '"' or '\'' or '\\' or '/' or '.' or ';'))
        {
            said.Refuse($"{said.Key} holds no usable name: '{text}'.", "Use letters, digits and underscores, as in customerio.broadcasts.");
        }
        else if (name.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase))
        {
            said.Refuse($"{said.Key} begins with _sluice_, which names Sluice's own tables: '{text}'.", "Choose another name.");
        }

        return name;
    }
}
