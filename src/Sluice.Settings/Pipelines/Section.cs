using Sluice.Engine;
using Sluice.Settings.Pipelines.Shapes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Gives the values of a mapping that was looked at already: what is wrong counts as not said, because it was told.</summary>
internal sealed class Section
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

    public bool IsOn(string key) => Text(key) is { } text && SwitchShape.IsOn(text);

    /// <summary>The items of a list, or the one value that stands for it.</summary>
    public IReadOnlyList<YamlText> Items(string key) => Items(Value(key));

    /// <summary>The same of a value.</summary>
    public static IReadOnlyList<YamlText> Items(YamlValue? value) => value switch
    {
        YamlText { IsNull: false, Value: not null } text => [text],
        YamlList list => [.. list.Items.OfType<YamlText>().Where(text => text is { IsWrong: false, IsNull: false, Value: not null })],
        _ => [],
    };

    public IReadOnlyList<string> Texts(string key) => [.. Items(key).Select(text => text.Value!)];

    public Section? Below(string key) => Value(key) is YamlMap below ? new Section(below) : null;

    public Place PlaceOf(string key) => _map.Find(key)?.Value.Place ?? Place;

    /// <summary>Where a setting stands, or one of its items (an option, a column); null when it is not said here.</summary>
    public Place? PlaceOf(SettingError error)
    {
        // A mask or a type of a column can stand with the column.
        string?[] keys = [error.Key?.InFile, "columns"];
        var item = error.Item is { } name ? keys.OfType<string>().Select(key => ItemOf(key, name)).FirstOrDefault(value => value is not null) : null;
        if (item is not null)
        {
            return item.Place;
        }

        return error.Key is { } key && Has(key.InFile) ? PlaceOf(key.InFile) : null;
    }

    // A mask is an item of a list as email:sha256.
    private YamlValue? ItemOf(string key, string item) =>
        Below(key)?._map.Entries.FirstOrDefault(entry => GivenName.Of(entry.Name) == item)?.Value
        ?? Items(key).FirstOrDefault(text => GivenName.Of(text.Value!.Split(':')[0]).Equals(item, StringComparison.OrdinalIgnoreCase));
}
