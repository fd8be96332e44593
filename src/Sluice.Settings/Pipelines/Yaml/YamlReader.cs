using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sluice.Settings.Pipelines.Yaml;

/// <summary>
/// Turns YAML into values with places. It is built from the parser's events and not by a deserializer, so that a key that comes twice is one mistake
/// among others, and no word becomes a number or a switch before somebody asks for one.
/// </summary>
internal sealed class YamlReader
{
    private const int MostLevels = 64;

    // Aliases of aliases make billions of values out of a few lines, and whoever walks through them walks through each.
    private const int MostValues = 100_000;
    private const string TextTag = "tag:yaml.org,2002:str";
    private const string MergeKey = "<<";

    private readonly Dictionary<AnchorName, Marked> _anchors = [];
    private readonly PipelineErrors _mistakes;
    private readonly IParser _parser;
    private int _values;
    private int _deepest;

    private YamlReader(string text, PipelineErrors mistakes) => (_parser, _mistakes) = (new Parser(new StringReader(text)), mistakes);

    /// <summary>Reads a file of one document; null when there is none, or when it can't be read, which is noted.</summary>
    public static YamlValue? Read(string text, PipelineErrors mistakes)
    {
        try
        {
            return new YamlReader(text, mistakes).Document();
        }
        catch (TooManyValuesException error)
        {
            mistakes.Add(
                PlaceOf(error.Start),
                $"More than {MostValues} values stand in the file, with aliases (*name) written out.",
                "Use the marked value in fewer places: aliases of aliases multiply.");
            return null;
        }
        catch (YamlException error)
        {
            var place = SyntaxHint.Place(text, PlaceOf(error.Start));
            mistakes.Add(place, $"This is no YAML: {SyntaxHint.Sentence(error)}.", SyntaxHint.For(text, place));
            return null;
        }
    }

    private YamlValue? Document()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var root = Value(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _mistakes.Add(
                PlaceOf(second.Start),
                "A second document begins here.",
                "A pipeline is one document: take the line '---' out, or keep a file for each.");
        }

        return root;
    }

    private YamlValue Value(int level)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Aliased(alias, level);
        }

        var begin =
            _parser.Current as NodeEvent
            ?? throw new InvalidOperationException($"The parser gave {_parser.Current?.GetType().Name} where a value begins.");
        Count(begin, 1, level);
        var (before, deepest) = (_values, _deepest);
        _deepest = level;
        YamlValue value = _parser.TryConsume<Scalar>(out var scalar) ? Text(scalar)
            : _parser.TryConsume<SequenceStart>(out var list) ? List(list, level)
            : Map(_parser.Consume<MappingStart>(), level);
        if (!begin.Anchor.IsEmpty)
        {
            _anchors[begin.Anchor] = new Marked(value, _values - before + 1, _deepest - level);
        }

        _deepest = Math.Max(deepest, _deepest);
        return value;
    }

    private YamlValue Aliased(AnchorAlias alias, int level)
    {
        if (!_anchors.TryGetValue(alias.Value, out var marked))
        {
            throw new YamlException(alias.Start, alias.End, $"*{alias.Value} stands for a value that is marked &{alias.Value}, but none is above");
        }

        Count(alias, marked.Values, level + marked.Levels);
        return marked.Value;
    }

    private void Count(ParsingEvent here, int values, int level)
    {
        if (level > MostLevels)
        {
            throw new YamlException(here.Start, here.End, $"more than {MostLevels} levels of lists and mappings stand in each other");
        }

        _deepest = Math.Max(_deepest, level);
        _values += values;
        if (_values > MostValues)
        {
            throw new TooManyValuesException(here);
        }
    }

    private YamlText Text(Scalar scalar)
    {
        var text = new YamlText(PlaceOf(scalar.Start), scalar.Value, scalar is { Style: ScalarStyle.Plain, Tag.IsEmpty: true });
        if (!scalar.Tag.IsEmpty && scalar.Tag is { IsNonSpecific: false, Value: not TextTag })
        {
            _mistakes.Add(text, $"The tag {scalar.Tag.Value} means nothing here.", "Write the value without it.");
        }

        return text;
    }

    private YamlList List(SequenceStart start, int level)
    {
        var items = new List<YamlValue>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value(level + 1));
        }

        return new YamlList(PlaceOf(start.Start), items);
    }

    private YamlMap Map(MappingStart start, int level)
    {
        var entries = new OrderedDictionary<string, YamlEntry>(StringComparer.Ordinal);
        var merged = new List<YamlMap>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Value(level + 1);
            var value = Value(level + 1);
            if (key is not YamlText name)
            {
                _mistakes.Add(
                    key.Place,
                    $"A key is {key.Kind} instead of a word.",
                    "Was a blank or a quote forgotten? Values with { or [ in front need quotes.");
            }
            else if (name is { Raw: MergeKey, IsPlain: true })
            {
                merged.AddRange(Merged(value));
            }
            else if (entries.TryGetValue(name.Raw, out var first))
            {
                _mistakes.Add(name.Place, $"The key '{name.Raw}' comes twice: it is in line {first.Key.Place.Line}, too.", "Keep one of them.");
            }
            else
            {
                entries.Add(name.Raw, new YamlEntry(name, value));
            }
        }

        // What a mapping says itself goes before what it takes over, and what is taken over first before the rest.
        foreach (var entry in merged.SelectMany(map => map.Entries))
        {
            entries.TryAdd(entry.Name, entry);
        }

        return new YamlMap(PlaceOf(start.Start), [.. entries.Values]);
    }

    private IEnumerable<YamlMap> Merged(YamlValue value)
    {
        var maps = value is YamlList list ? list.Items : [value];
        foreach (var wrong in maps.Where(map => map is not YamlMap))
        {
            _mistakes.Add(
                wrong,
                $"Behind << stands {wrong.Kind} instead of a mapping.",
                "Write << with the name of a mapping that is marked above, as in <<: *defaults");
        }

        return maps.OfType<YamlMap>();
    }

    private static Place PlaceOf(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private sealed class TooManyValuesException(ParsingEvent here) : YamlException(here.Start, here.End, "too many values");

    // With all that is in it, and how many levels that reaches down.
    private sealed record Marked(YamlValue Value, int Values, int Levels);
}

/// <summary>What to do about YAML that can't be read: the slips that people make, looked for in the line itself.</summary>
internal static class SyntaxHint
{
    private const string Usual = "Look at the blanks in front of this line and the one above, at quotes that are not closed, and at brackets.";

    /// <summary>The parser's words as a part of a sentence.</summary>
    public static string Sentence(YamlException error)
    {
        var message = error.Message;

        // Some messages begin with the place, which is told anyway.
        var colon = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        var words = (colon < 0 ? message : message[(colon + "): ".Length)..]).TrimEnd('.');
        return words.Length == 0 ? "it ends where nobody expects it" : char.ToLowerInvariant(words[0]) + words[1..];
    }

    /// <summary>Where the slip is: a line that begins with a tab goes on with the one above, as far as the parser can see.</summary>
    public static Place Place(string text, Place place)
    {
        var next = Line(text, place.Line + 1);
        return IsTabbed(next) && !IsTabbed(Line(text, place.Line)) ? new Place(place.Line + 1, 1) : place;
    }

    public static string For(string text, Place place)
    {
        var line = Line(text, place.Line);
        var value = line[(line.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0)..].TrimStart(' ', '-');
        return line switch
        {
            _ when IsTabbed(line) => "YAML is indented by blanks: replace the tab in front of this line.",
            _ when line.Contains("${", StringComparison.Ordinal)
                    && line.TrimStart(' ', '-').IndexOfAny(['{', '[']) is var open
                    && open >= 0
                    && open < line.TrimStart(' ', '-').IndexOf("${", StringComparison.Ordinal) =>
                "Within { } and [ ] a variable needs quotes: \"${NAME}\".",
            _ when value.StartsWith('*') => "A value that begins with * needs quotes, as in cron: \"*/10 * * * *\".",
            _ when value.Length > 0 && "@`%&!|>{}[]".Contains(value[0], StringComparison.Ordinal) =>
                $"A value that begins with {value[0]} needs quotes.",
            _ when value.Contains(": ", StringComparison.Ordinal) => "A value with a colon and a blank in it needs quotes.",
            _ => Usual,
        };
    }

    private static string Line(string text, int number) => text.ReplaceLineEndings("\n").Split('\n').ElementAtOrDefault(number - 1) ?? "";

    private static bool IsTabbed(string line) => line.TakeWhile(char.IsWhiteSpace).Contains('\t');
}
