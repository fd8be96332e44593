using System.Text.RegularExpressions;
using Sluice.Settings.Pipelines.Shapes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Gives the values of a mapping that was looked at already: what is wrong counts as not said, because it was told.</summary>
internal sealed partial class Section
{
    private readonly YamlMap _map;

    // A key that does not belong here has no value here.
    public Section(YamlMap map) => _map = new YamlMap(map.Place, [.. map.Entries.Where(entry => !entry.Key.IsWrong)]);

    public static Section None { get; } = new(new YamlMap(default, []));

    public Place Place => _map.Place;

    public IEnumerable<YamlEntry> Entries => _map.Entries;

    public bool Has(string key) => _map.Find(key) is not null;

    /// <summary>Whether something about the key can't be known, because it is wrong or waits for a variable.</summary>
    public bool IsUnknown(string key) => _map.Find(key)?.Value is { } value && (value.IsWrong || value is YamlText { Value: null });

    public YamlValue? Value(string key) => _map.Find(key)?.Value is { IsWrong: false } value ? value : null;

    public string? Text(string key) => Value(key) is YamlText { IsNull: false } text ? text.Value : null;

    public bool? Switch(string key) => Text(key) is { } text ? SwitchShape.IsOn(text) : null;

    /// <summary>The items of a list, or the one value that stands for it.</summary>
    public IReadOnlyList<YamlText> Items(string key) => Items(Value(key));

    public static IReadOnlyList<YamlText> Items(YamlValue? value) => value switch
    {
        YamlText { IsNull: false, Value: not null } text => [text],
        YamlList list => [.. list.Items.OfType<YamlText>().Where(text => text is { IsWrong: false, IsNull: false, Value: not null })],
        _ => [],
    };

    public IReadOnlyList<string> Texts(string key) => [.. Items(key).Select(text => text.Value!)];

    public Section? Below(string key) => Value(key) is YamlMap below ? new Section(below) : null;

    public Place PlaceOf(string key) => _map.Find(key)?.Value.Place ?? Place;

    /// <summary>Where the key stands that a message names first, or null; what is called a condition there is <c>where</c> here.</summary>
    public Place? PlaceNamedIn(string message) =>
        Words()
            .Matches(message)
            .Select(word => _map.Find(word.Value == "condition" ? "where" : word.Value)?.Value.Place)
            .FirstOrDefault(place => place is not null);

    [GeneratedRegex("[a-z_]+", RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}
