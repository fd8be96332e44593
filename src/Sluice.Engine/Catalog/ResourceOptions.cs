namespace Sluice.Engine.Catalog;

/// <summary>An option that a user can set for a resource's requests.</summary>
public sealed record ResourceOption
{
    /// <summary>The name, as it is written in a pipeline file and on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence: what it does, and its default.</summary>
    public required string Doc { get; init; }

    /// <summary>What it takes.</summary>
    public OptionKind Kind { get; init; }

    /// <summary>The values of a choice; empty for other kinds.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Whether it takes several values. With a query parameter that takes a single value, there is a request for each.</summary>
    public bool Many { get; init; }

    /// <summary>The query parameter that it sets, or null.</summary>
    public string? Query { get; init; }

    /// <summary>The key of the body that it sets, or null.</summary>
    public string? Body { get; init; }

    /// <summary>The path parameter whose variants it selects, or null.</summary>
    public string? Route { get; init; }

    /// <summary>The resource in which names are looked up to get ids, or null.</summary>
    public string? Lookup { get; init; }

    /// <summary>The column that gets the requested value in every row, or null.</summary>
    public string? Column { get; init; }
}

/// <summary>What an option of a resource takes.</summary>
public enum OptionKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>One of the listed words.</summary>
    Choice,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>A whole number, 0 or above.</summary>
    Number,

    /// <summary>How many periods of metrics, at most what <see cref="MetricsCalendar.MaxSteps"/> allows.</summary>
    Steps,

    /// <summary>A time zone by its IANA name.</summary>
    TimeZone,

    /// <summary>A day or time, sent as unix seconds.</summary>
    Time,

    /// <summary>A people filter in the grammar of Customer.io's search: JSON with and, or, not, segment and attribute.</summary>
    PeopleFilter,

    /// <summary>Segments by id or name; names are looked up.</summary>
    Segments,

    /// <summary>Ids, which are whole numbers, or the word <c>all</c>.</summary>
    Ids,

    /// <summary>A length of time such as 90m or 6h, kept in seconds.</summary>
    Duration,
}

/// <summary>The options that were set for a resource: values by option name, compared by value.</summary>
public sealed class OptionValues : IEquatable<OptionValues>
{
    private readonly SortedDictionary<string, IReadOnlyList<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Creates it from values by name; names without a value are left out.</summary>
    public OptionValues(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> values)
    {
        foreach (var (name, said) in values.Where(pair => pair.Value.Count > 0))
        {
            _values[name] = said;
        }
    }

    /// <summary>No option is set.</summary>
    public static OptionValues None { get; } = new([]);

    /// <summary>Whether no option is set.</summary>
    public bool IsEmpty => _values.Count == 0;

    /// <summary>The names of the options that were set, in alphabetical order.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>All values of an option; none if it was not set.</summary>
    public IReadOnlyList<string> All(string name) => _values.GetValueOrDefault(name) ?? [];

    /// <summary>All values of an option; none if it was not set or the resource has no such option.</summary>
    public IReadOnlyList<string> All(ResourceOption? option) => option is null ? [] : All(option.Name);

    /// <summary>The first value of an option, or null.</summary>
    public string? One(string name) => All(name) is [var first, ..] ? first : null;

    /// <summary>Whether a flag was set to true.</summary>
    public bool IsOn(string name) => One(name) == "true";

    /// <summary>All options but one.</summary>
    public OptionValues Without(string name) => new(_values.Where(pair => pair.Key != name));

    /// <summary>The same with an option set to a value.</summary>
    public OptionValues With(string name, string value) => new(_values.Where(pair => pair.Key != name).Append(new(name, [value])));

    /// <summary>Only the given options.</summary>
    public OptionValues Of(IReadOnlyList<ResourceOption> options) =>
        IsEmpty ? None : new OptionValues(_values.Where(pair => options.Any(option => option.Name == pair.Key)));

    /// <inheritdoc/>
    public bool Equals(OptionValues? other) => other is not null && string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OptionValues);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Gives them as <c>drafts=true&amp;type=email,push</c>.</summary>
    public override string ToString() => string.Join('&', _values.Select(pair => $"{pair.Key}={string.Join(',', pair.Value)}"));
}
