using System.Text.RegularExpressions;

namespace Sluice.Settings.Pipelines.Yaml;

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

    [GeneratedRegex("^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?$", RegexOptions.NonBacktracking)]
    private static partial Regex JsonNumber();
}
