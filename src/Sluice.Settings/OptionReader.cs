using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Checks what a user said about how a table is asked for against what the catalog says that it takes.</summary>
public static class OptionReader
{
    /// <summary>Reads the words of a table's options, and notes everything that is wrong.</summary>
    /// <param name="table">The table.</param>
    /// <param name="words">Words by the name of the option.</param>
    /// <param name="catalog">Knows what the table and those that lead to it take.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static OptionValues Read(
        TableName table, IReadOnlyDictionary<string, IReadOnlyList<string>> words, ResourceCatalog catalog, ValidationErrors mistakes)
    {
        var known = catalog.OptionsOf(catalog.Find(table.Resource)!);
        var values = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        foreach (var (name, said) in words)
        {
            if (known.FirstOrDefault(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } option)
            {
                values.Add(new(option.Name, ReadOne(table, option, said, mistakes)));
                continue;
            }

            mistakes.Add(
                $"{table} has no option '{name}'.",
                known.Count == 0
                    ? "It takes none."
                    : Suggestion.For(name, [.. known.Select(one => one.Name)]) ?? $"It takes {string.Join(", ", known.Select(one => one.Name))}.");
        }

        var options = new OptionValues(values);
        ExportCheck.Look(table, catalog.Find(table.Resource)!, options, mistakes);
        return options;
    }

    private static IReadOnlyList<string> ReadOne(TableName table, ResourceOption option, IReadOnlyList<string> said, ValidationErrors mistakes)
    {
        IReadOnlyList<string> words =
            option.Kind == OptionKind.PeopleFilter
                ? said
                :
                [
                    .. said.SelectMany(word => word.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                        .Distinct(StringComparer.Ordinal),
                ];
        if (words.Count > 1 && !option.Many)
        {
            mistakes.Add($"{table}: {option.Name} takes one value: '{string.Join(", ", words)}'.", "Give one.");
        }

        return [.. words.Select(word => Value(table, option, word.Trim(), mistakes)).OfType<string>()];
    }

    private static string? Value(TableName table, ResourceOption option, string word, ValidationErrors mistakes) =>
        option.Kind switch
        {
            OptionKind.Choice => Choice(table, option, word, mistakes),
            OptionKind.Flag => Flag(table, option, word, mistakes),
            OptionKind.Number => Number(table, option, word, mistakes),
            OptionKind.Steps => Steps(table, option, word, mistakes),
            OptionKind.Time => Time(table, option, word, mistakes),
            OptionKind.Ids => word.Equals("all", StringComparison.OrdinalIgnoreCase) ? "all" : Number(table, option, word, mistakes),
            OptionKind.Duration => DurationText.Read($"{table}: {option.Name}", word, mistakes) is { } length
                ? ((long)length.TotalSeconds).ToString(CultureInfo.InvariantCulture)
                : null,
            OptionKind.PeopleFilter => PeopleFilterText.Read($"{table}: {option.Name}", word, mistakes),
            _ => word,
        };

    private static string? Choice(TableName table, ResourceOption option, string word, ValidationErrors mistakes)
    {
        if (option.Values.FirstOrDefault(value => value.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } value)
        {
            return value;
        }

        mistakes.Add(
            $"{table}: {option.Name} can't be '{word}'.", Suggestion.For(word, option.Values) ?? $"There are {string.Join(", ", option.Values)}.");
        return null;
    }

    private static string? Flag(TableName table, ResourceOption option, string word, ValidationErrors mistakes)
    {
        if (bool.TryParse(word, out var flag))
        {
            return flag ? "true" : "false";
        }

        mistakes.Add($"{table}: {option.Name} is true or false, not '{word}'.");
        return null;
    }

    private static string? Number(TableName table, ResourceOption option, string word, ValidationErrors mistakes)
    {
        if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number.ToString(CultureInfo.InvariantCulture);
        }

        mistakes.Add($"{table}: {option.Name} is no whole number: '{word}'.");
        return null;
    }

    // The API takes too many for the maximum and 0 too, without a word: what was asked for would not be what comes.
    private static string? Steps(TableName table, ResourceOption option, string word, ValidationErrors mistakes)
    {
        var period = table.Period ?? MetricsPeriod.Days;
        var most = MetricsCalendar.MaxSteps(period);
        if (
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var steps)
            && steps >= MetricsCalendar.FewestSteps
            && steps <= most)
        {
            return steps.ToString(CultureInfo.InvariantCulture);
        }

        mistakes.Add(
            $"{table}: {option.Name} is '{word}', but Customer.io gives {MetricsCalendar.FewestSteps} to {most} {TableName.Word(period)}.",
            "The most are 24 hours, 45 days, 12 weeks and 121 months; leave it out for the most.");
        return null;
    }

    private static string? Time(TableName table, ResourceOption option, string word, ValidationErrors mistakes) =>
        IntervalText.Instant($"{table}: {option.Name}", word, mistakes)?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}

/// <summary>Reads options as they stand on a command line, <c>type=email</c> or <c>messages.type=email</c>.</summary>
public static class OptionWords
{
    /// <summary>Gives the values by name, and notes what has none.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(IEnumerable<string> words, ValidationErrors mistakes)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == word.Length - 1)
            {
                mistakes.Add(
                    $"--option is no NAME=VALUE: '{word}'.",
                    "Write it as --option type=email, or for one of several tables as --option messages.type=email.");
                continue;
            }

            var (name, value) = (word[..equals].Trim(), word[(equals + 1)..].Trim());
            values[name] = [.. values.GetValueOrDefault(name) ?? [], value];
        }

        return values;
    }
}
