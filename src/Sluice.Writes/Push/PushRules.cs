using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Writes.Import;

namespace Sluice.Writes.Push;

/// <summary>What can be pushed, in which modes, and by which keys.</summary>
public static class PushRules
{
    private static readonly SettingKey Into = "into";
    private static readonly SettingKey ModeKey = "mode";
    private static readonly SettingKey Key = "key";

    private static readonly PushMode[] Whole = [PushMode.Upsert, PushMode.Mirror, PushMode.Append];

    private static readonly OrderedDictionary<string, PushMode[]> Modes = new(StringComparer.Ordinal)
    {
        ["people"] = [.. Whole, PushMode.Update],
        ["events"] = [PushMode.Append],
        ["objects"] = Whole,
        ["relationships"] = Whole,
        ["segment"] = Whole,
        ["collection"] = [PushMode.Mirror],
    };

    /// <summary>Notes what does not go together.</summary>
    /// <param name="into">The target.</param>
    /// <param name="mode">The mode; null for what suits the target.</param>
    /// <param name="key">The columns that name a row.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static void Check(string into, PushMode? mode, IReadOnlyList<string> key, ValidationErrors mistakes)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(mistakes);
        var (name, isNamed) = into.Split(':', 2) is [var before, var detail] ? (before, detail.Length > 0) : (into, false);
        if (!Modes.TryGetValue(name, out var modes))
        {
            var names = Modes.Keys.Select(one => TakesName(one) ? $"{one}:NAME" : one).ToList();
            mistakes.Add(Into, $"Nothing can be pushed into '{into}'.", Suggestion.For(name, names) ?? $"There are {string.Join(", ", names)}.");
            return;
        }

        if (isNamed != TakesName(name) || (!isNamed && into.Contains(':', StringComparison.Ordinal)))
        {
            mistakes.Add(Into, isNamed ? $"{name} has nothing behind a colon." : $"The {name} has no name.", $"Write {Into}: {Usual(name)}");
        }

        if (mode is { } said && !modes.Contains(said))
        {
            mistakes.Add(ModeKey, $"The mode {Word(said)} does not go with {name}.", $"There {Words(modes)}.");
        }

        if (NeedsKey(name) && key.Count == 0)
        {
            mistakes.Add(
                Key,
                $"{name} needs a key: the columns by which a row is known again.",
                name == "events" ? "Add for example key: order_id. The row of each key is sent once." : "Add for example key: sku");
        }
    }

    /// <summary>A mode as it is written.</summary>
    public static string Word(PushMode mode) => mode.ToString().ToLowerInvariant();

    /// <summary>The mode of a target when none is said.</summary>
    public static string UsualMode(string into)
    {
        ArgumentNullException.ThrowIfNull(into);
        return Word(DefaultOf(into.Split(':')[0]));
    }

    internal static PushMode DefaultOf(string target) => Modes[target][0];

    /// <summary>What names people: the column of the key that becomes an identifier; null for what columns are called.</summary>
    internal static string? IdentifierOf(PushSettings settings) => NeedsKey(settings.Import.TargetName)
        ? null
        : settings.Key.Select(column => settings.Import.Maps.FirstOrDefault(map => map.StartsWith(column + "=", StringComparison.OrdinalIgnoreCase))
                is { } map ? map[(column.Length + 1)..] : column.ToLowerInvariant())
            .FirstOrDefault(name => ImportMapping.IdentifierKinds.Contains(name));

    /// <summary>The columns by which a row is known again.</summary>
    internal static IReadOnlyList<int> KeyColumns(ImportMapping mapping, PushSettings settings, ValidationErrors mistakes)
    {
        var said = new List<int>();
        foreach (var name in settings.Key)
        {
            var column = mapping.Columns.ToList().FindIndex(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (column < 0)
            {
                mistakes.Add(
                    $"There is no column '{name}' to be a key.",
                    Suggestion.For(name, mapping.Columns.Select(one => one.Name)) ?? $"There are {Names(mapping, [.. mapping.Columns.Index()
                        .Select(one => one.Index)])}.");
            }

            said.Add(column);
        }

        if (NeedsKey(mapping.Operation.Name))
        {
            return said;
        }

        var naming = mapping.Slots.Where(slot => slot.Key is "person" or "value" or "object_type_id" or "object_id")
            .Select(slot => slot.Value).ToList();
        if (said.Count > 0 && !mistakes.Any && !said.Order().SequenceEqual(naming.Order()))
        {
            mistakes.Add(
                $"The key of {mapping.Operation.Name} is what names them: {Names(mapping, naming)}.",
                $"Leave key out, or let map say what {Names(mapping, said)} becomes, as in map: {{user_id: id}}.");
        }

        return naming;
    }

    private static bool NeedsKey(string target) => target is "events" or "collection";

    private static bool TakesName(string target) => target is "segment" or "collection";

    private static string Usual(string target) => TakesName(target) ? $"{target}:NAME" : target;

    private static string Words(PushMode[] modes) => modes is [var only] ? $"is {Word(only)} alone" : $"are {string.Join(", ", modes.Select(Word))}";

    private static string Names(ImportMapping mapping, IReadOnlyList<int> columns) =>
        string.Join(", ", columns.Select(column => mapping.Columns[column].Name));
}
