namespace Sluice.Engine.Catalog;

/// <summary>Something that a user may say about how a resource is asked for.</summary>
public sealed record ResourceOption
{
    /// <summary>The name, as it is written in a pipeline file and on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence: what it does, and its default.</summary>
    public required string Doc { get; init; }

    /// <summary>What it takes.</summary>
    public OptionKind Kind { get; init; }

    /// <summary>The words that a choice takes; empty for other kinds.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Whether several values may be given. A query parameter that takes one value is then asked for once with each of them.</summary>
    public bool Many { get; init; }

    /// <summary>The query parameter that carries it, or null.</summary>
    public string? Query { get; init; }

    /// <summary>The key of the body that carries it, or null.</summary>
    public string? Body { get; init; }

    /// <summary>The parameter of the path whose variants it chooses from, or null.</summary>
    public string? Route { get; init; }

    /// <summary>The resource that has the id for each name that may be given instead of one, or null.</summary>
    public string? Lookup { get; init; }

    /// <summary>The column that tells in every row which value was asked for, or null.</summary>
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

    /// <summary>How many periods of metrics, at most what the period allows: 24 hours, 45 days, 12 weeks, 121 months.</summary>
    Steps,

    /// <summary>A day or time, sent as unix seconds.</summary>
    Time,

    /// <summary>Who is meant, in the grammar of Customer.io's search: JSON with and, or, not, segment and attribute.</summary>
    PeopleFilter,

    /// <summary>Segments by id or name; names are looked up.</summary>
    Segments,

    /// <summary>Ids, which are whole numbers, or the word <c>all</c>.</summary>
    Ids,

    /// <summary>A length of time such as 90m or 6h, kept in seconds.</summary>
    Duration,
}

/// <summary>What was said about how a resource is asked for: values by the names of its options. Two that say the same are equal.</summary>
public sealed class OptionValues : IEquatable<OptionValues>
{
    private readonly SortedDictionary<string, IReadOnlyList<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Makes it from values by name; names without a value are left out.</summary>
    public OptionValues(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> values)
    {
        foreach (var (name, said) in values.Where(pair => pair.Value.Count > 0))
        {
            _values[name] = said;
        }
    }

    /// <summary>Nothing was said.</summary>
    public static OptionValues None { get; } = new([]);

    /// <summary>Whether nothing was said.</summary>
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

    /// <summary>All but one option.</summary>
    public OptionValues Without(string name) => new(_values.Where(pair => pair.Key != name));

    /// <summary>The same with one option set to one value, whatever it was.</summary>
    public OptionValues With(string name, string value) => new(_values.Where(pair => pair.Key != name).Append(new(name, [value])));

    /// <summary>Only what is among some options.</summary>
    public OptionValues Of(IReadOnlyList<ResourceOption> options) => IsEmpty ? None : new OptionValues(_values.Where(pair => options.Any(option => option.Name == pair.Key)));

    /// <inheritdoc/>
    public bool Equals(OptionValues? other) => other is not null && string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OptionValues);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Gives them as <c>drafts=true&amp;type=email,push</c>.</summary>
    public override string ToString() => string.Join('&', _values.Select(pair => $"{pair.Key}={string.Join(',', pair.Value)}"));
}
