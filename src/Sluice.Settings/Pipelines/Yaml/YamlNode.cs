using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Sluice.Settings.Pipelines.Yaml;

/// <summary>Where something stands in the file, counted from 1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(int Line, int Column);

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(YamlText Key, YamlValue Value)
{
    public string Name => Key.Raw;
}

/// <summary>A value of the file with its place.</summary>
internal abstract class YamlValue(Place place)
{
    public Place Place { get; } = place;

    /// <summary>What it is, as in "must be a list, but is ...".</summary>
    public abstract string Kind { get; }

    /// <summary>Whether a mistake was found in it, so that nobody needs to look for another.</summary>
    public bool IsWrong { get; set; }
}

/// <summary>One word, number or sentence: all are text until somebody asks for a number or a switch.</summary>
internal sealed partial class YamlText : YamlValue
{
    public YamlText(Place place, string raw, bool isPlain)
        : base(place) => (Raw, Value, IsPlain) = (raw, raw, isPlain);

    /// <summary>As it stands in the file, with variables unread.</summary>
    public string Raw { get; }

    /// <summary>With the values of variables; null when one of them is not set.</summary>
    public string? Value { get; set; }

    /// <summary>Whether it stands there without quotes, so that it may be more than text.</summary>
    public bool IsPlain { get; }

    public override string Kind => IsNull ? "empty" : "text";

    /// <summary>Whether it is the value of a key without one.</summary>
    public bool IsNull => IsPlain && Raw is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Whether it is true or false by YAML 1.2, where <c>yes</c> and <c>on</c> are words like any other.</summary>
    public bool IsSwitch => IsPlain && Raw is "true" or "True" or "TRUE" or "false" or "False" or "FALSE";

    /// <summary>Whether JSON would write it as a number, too.</summary>
    public bool IsNumber => IsPlain && JsonNumber().IsMatch(Raw);

    [GeneratedRegex("^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?$", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex JsonNumber();
}

/// <summary>A list.</summary>
internal sealed class YamlList(Place place, IReadOnlyList<YamlValue> items) : YamlValue(place)
{
    public IReadOnlyList<YamlValue> Items => items;

    public override string Kind => "a list";
}

/// <summary>Keys with values.</summary>
internal sealed class YamlMap(Place place, IReadOnlyList<YamlEntry> entries) : YamlValue(place)
{
    public IReadOnlyList<YamlEntry> Entries => entries;

    public override string Kind => "a mapping";

    public YamlEntry? Find(string key) => entries.FirstOrDefault(entry => entry.Name == key);
}
