using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Shapes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings;

/// <summary>
/// A setting, described once: the keys of the pipeline file, its JSON schema and documentation, and the options of commands are made of these.
/// </summary>
public record Setting
{
    internal Setting(SettingKey key, ValueShape shape) => (Key, Shape, TakesSeveral) = (key, shape, shape is ListShape);

    /// <summary>What it is called.</summary>
    public SettingKey Key { get; }

    /// <summary>The value in the help of commands, such as <c>DAYS</c>; the words where there are only some.</summary>
    public string Value { get => field ?? (Shape as WordShape)?.Choice ?? ""; init; }

    /// <summary>The help of the option; null when it is no option.</summary>
    public string? Help { get; init; }

    /// <summary>The variable that stands in for a setting that is no option, or null.</summary>
    public string? Variable { get; init; }

    /// <summary>Whether it is on or off.</summary>
    public bool IsSwitch => Shape is SwitchShape;

    /// <summary>Whether it takes several values.</summary>
    public bool TakesSeveral { get; }

    /// <summary>Where in the pipeline file it may stand.</summary>
    internal SettingScope Scope { get; init; }

    /// <summary>What a value of the file looks like.</summary>
    internal ValueShape Shape { get; init; }

    /// <summary>One or two sentences for the file's documentation and for editors, with the default; the help if it says the same.</summary>
    internal string Doc { get => field ?? $"{Help}."; init; }

    /// <summary>A line of the file that uses it.</summary>
    internal string Example { get; init; } = "";

    /// <summary>Whether the file must say it.</summary>
    internal bool IsRequired { get; init; }

    /// <summary>Whether its value is a key or a password, which belongs into a variable.</summary>
    internal bool IsSecret { get; init; }

    /// <summary>
    /// Turns a value of the file into options and their words, where it is more than one text or a list of them: <c>subject: drop</c> below
    /// <c>columns</c> is a word of <c>--exclude-columns</c>.
    /// </summary>
    internal Func<YamlValue, IEnumerable<(SettingKey Option, string Word)>>? Words { get; init; }

    internal string Name => Key.InFile;
}

/// <summary>A setting that changes something.</summary>
/// <typeparam name="T">What it changes.</typeparam>
internal sealed record Setting<T> : Setting
{
    public Setting(SettingKey key, Reading<T> reading)
        : base(key, reading.Shape) => Apply = reading.Apply;

    private Func<T, Said, T> Apply { get; }

    /// <summary>Applies what was said of it, and notes what is wrong with that.</summary>
    public T ApplyTo(T target, SettingWords words, ValidationErrors mistakes) =>
        words.Of(Key) is { Count: > 0 } said ? Apply(target, new Said(Key, said, mistakes, Example)) : target;
}

/// <summary>Where in the pipeline file a setting may stand.</summary>
[Flags]
internal enum SettingScope
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>In a sync, for all of its tables.</summary>
    Sync = 1,

    /// <summary>Below a table, for itself.</summary>
    Table = 2,

    /// <summary>It says what is asked for and stored of a table: one that says so for itself shares no pages with others.</summary>
    Pages = 4,

    /// <summary>In a sync or below a table, where it goes before the sync's, about what is asked for and stored.</summary>
    Rule = Sync | Table | Pages,
}

/// <summary>What was said of a setting.</summary>
/// <param name="Key">The setting.</param>
/// <param name="Words">What was said, at least one word.</param>
/// <param name="Mistakes">Takes what is wrong.</param>
/// <param name="Example">A line of the pipeline file that uses it.</param>
internal readonly record struct Said(SettingKey Key, IReadOnlyList<string> Words, ValidationErrors Mistakes, string Example = "")
{
    /// <summary>A single value; null when it is blank.</summary>
    public string? Text => string.IsNullOrWhiteSpace(Words[^1]) ? null : Words[^1].Trim();

    /// <summary>Several values, which may be joined by commas.</summary>
    public IEnumerable<string> List => ColumnChoice.Names(Words);

    public void Refuse(SettingText problem, SettingText? fix = null, string? item = null) => Mistakes.Add(Key, problem, fix, item);

    /// <summary>Refuses a value that is not what the setting takes.</summary>
    public void RefuseText(string wanted) =>
        Refuse($"{Key} must be {wanted}, but is '{Text}'.", $"Write for example: {Key} {Example.Split(": ", 2)[^1]}");
}

/// <summary>What was said, word for word, by the name that settings have on the command line.</summary>
public sealed class SettingWords
{
    private readonly Dictionary<string, List<string>> _words = new(StringComparer.Ordinal);

    /// <summary>Adds what was said of a setting.</summary>
    public SettingWords Say(SettingKey key, params IEnumerable<string> words)
    {
        if (!_words.TryGetValue(key.OnCommandLine, out var list))
        {
            _words[key.OnCommandLine] = list = [];
        }

        list.AddRange(words);
        return this;
    }

    /// <summary>Names the settings, and nothing of what was said: one of them may be a key.</summary>
    public override string ToString() => string.Join(' ', _words.Keys);

    internal IReadOnlyList<string> Of(SettingKey key) => _words.GetValueOrDefault(key.OnCommandLine) ?? [];

    internal bool Has(SettingKey key) => Of(key).Count > 0;
}

/// <summary>What a setting takes, and how that is read.</summary>
/// <typeparam name="T">What the setting changes.</typeparam>
/// <param name="Shape">What its value looks like in the pipeline file.</param>
/// <param name="Apply">Changes the target by what was said, and notes what is wrong with that.</param>
internal sealed record Reading<T>(ValueShape Shape, Func<T, Said, T> Apply);

/// <summary>The usual things that settings take.</summary>
internal static class Takes
{
    /// <summary>What may be called by a key's name in a destination: letters that no place separates names by.</summary>
    public const string NamePattern = "^[^/.;'\"\\\\]+$";

    /// <summary>The words for the values of an enumeration.</summary>
    public static IReadOnlyDictionary<string, T> Words<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => value.ToString().ToLowerInvariant(), value => value, StringComparer.OrdinalIgnoreCase);

    /// <summary>One of some words.</summary>
    public static Reading<T> Word<T, TValue>(IReadOnlyDictionary<string, TValue> words, Func<T, TValue, T> set) =>
        new(new WordShape([.. words.Keys]), (target, said) =>
        {
            if (said.Text is not { } text)
            {
                return target;
            }

            if (words.TryGetValue(text, out var value))
            {
                return set(target, value);
            }

            said.Refuse($"{said.Key} can't be '{text}'.", Suggestion.For(text, words.Keys) ?? $"There are {string.Join(", ", words.Keys)}.");
            return target;
        });

    /// <summary>On or off.</summary>
    public static Reading<T> Switch<T>(Func<T, bool, T> set) =>
        new(new SwitchShape(), (target, said) => set(target, SwitchShape.IsOn(said.Words[^1])));

    /// <summary>A number in a range.</summary>
    public static Reading<T> Number<T>(NumberShape shape, Func<T, double, T> set) => new(shape, (target, said) =>
    {
        if (said.Text is not { } text)
        {
            return target;
        }

        if (shape.Read(text) is { } number)
        {
            return set(target, number);
        }

        said.RefuseText(shape.Wanted);
        return target;
    });

    /// <summary>A text.</summary>
    public static Reading<T> Text<T>(Func<T, string, T> set, string? pattern = null) =>
        new(new TextShape { Pattern = pattern }, (target, said) => said.Text is { } text ? set(target, text) : target);

    /// <summary>Several texts, repeated or with commas.</summary>
    public static Reading<T> List<T>(Func<T, IReadOnlyList<string>, T> set) =>
        new(new ListShape(new TextShape()), (target, said) => set(target, [.. said.List]));

    /// <summary>Several texts that are read together.</summary>
    public static Reading<T> List<T>(Func<T, Said, T> read) => new(new ListShape(new TextShape()), read);

    /// <summary>What needs a reader of its own.</summary>
    public static Reading<T> Text<T>(Func<T, Said, T> read, string? pattern = null) => new(new TextShape { Pattern = pattern }, read);

    /// <summary>A date or date-time.</summary>
    public static Reading<T> Instant<T>(Func<T, DateTimeOffset, T> set) => new(
        new TextShape(), (target, said) => IntervalText.Instant(said.Key, said.Text, said.Mistakes) is { } instant ? set(target, instant) : target);

    /// <summary>Words that stand for several options and are none.</summary>
    public static Reading<T> Nothing<T>(ValueShape shape) => new(shape, (target, _) => target);
}
