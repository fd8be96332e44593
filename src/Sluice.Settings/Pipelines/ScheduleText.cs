using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Sluice.Settings.Pipelines;

/// <summary>The schedule of a sync or push in the text of a pipeline: it is changed there, and not a letter beside it.</summary>
public static class ScheduleText
{
    private const string Key = "schedule";

    /// <summary>The keys of a schedule with their values, as they are written; a brief one under the empty key, none as nothing.</summary>
    /// <param name="text">The pipeline.</param>
    /// <param name="section">Where it stands: among syncs or pushes.</param>
    /// <param name="name">The name of the sync or push.</param>
    public static IReadOnlyDictionary<string, string> Read(string text, PipelineSection section, string name) => Find(text, section, name) switch
    {
        { Schedule: YamlScalarNode brief } => new Dictionary<string, string> { [""] = brief.Value ?? "" },
        { Schedule: YamlMappingNode full } => full.Children.Where(one => one is { Key: YamlScalarNode, Value: YamlScalarNode })
            .ToDictionary(one => ((YamlScalarNode)one.Key).Value ?? "", one => ((YamlScalarNode)one.Value).Value ?? "", StringComparer.Ordinal),
        _ => new Dictionary<string, string>(),
    };

    /// <summary>The text with another schedule; null where it is written in a way that others share, or by no mapping at all.</summary>
    /// <param name="text">The pipeline.</param>
    /// <param name="section">Where it stands: among syncs or pushes.</param>
    /// <param name="name">The name of the sync or push.</param>
    /// <param name="schedule">The new schedule, as YAML of one line.</param>
    public static string? With(string text, PipelineSection section, string name, string schedule)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Find(text, section, name) is not { } place)
        {
            return null;
        }

        if (place.Schedule is { } old)
        {
            return old.Start.Index <= place.KeyStart || !old.Anchor.IsEmpty
                ? null
                : string.Concat(text.AsSpan(0, (int)old.Start.Index), schedule, text.AsSpan(EndOf(text, old)));
        }

        var (at, added) = place.Owner.Style == MappingStyle.Flow
            ? (place.Owner.Start.Index + 1, place.Owner.Children.Count == 0 ? $"{Key}: {schedule}" : $"{Key}: {schedule}, ")
            : (place.Owner.Children[0].Key.Start.Index, $"{Key}: {schedule}\n{new string(' ', (int)place.Owner.Children[0].Key.Start.Column - 1)}");
        return place.Owner.Style == MappingStyle.Flow && text[(int)place.Owner.Start.Index] != '{' ? null : text.Insert((int)at, added);
    }

    private static Written? Find(string text, PipelineSection section, string name)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException)
        {
            // Whoever checks the text says where it is wrong.
            return null;
        }

        if (
            stream.Documents is not [{ RootNode: YamlMappingNode root }]
            || Entry(root, section == PipelineSection.Pushes ? "pushes" : "syncs")?.Value is not YamlMappingNode all
            || Entry(all, name) is not { Value: YamlMappingNode owner } entry
            || owner.Start.Index <= entry.Key.Start.Index)
        {
            return null;
        }

        var schedule = Entry(owner, Key);
        return new Written(owner, schedule?.Value, schedule?.Key.Start.Index ?? 0);
    }

    private static KeyValuePair<YamlNode, YamlNode>? Entry(YamlMappingNode map, string key) =>
        map.Children.Where(one => one.Key is YamlScalarNode { Value: { } name } && name == key)
            .Cast<KeyValuePair<YamlNode, YamlNode>?>().FirstOrDefault();

    // The parser tells where a mapping begins, and of its values alone where they end.
    private static int EndOf(string text, YamlNode node)
    {
        if (node is not YamlMappingNode map)
        {
            return (int)node.End.Index;
        }

        var end = map.Children.Count > 0 ? EndOf(text, map.Children[^1].Value) : (int)map.Start.Index + 1;
        return map.Style == MappingStyle.Flow ? Closed(text, end) : end;
    }

    // What may stand before the bracket: spaces, a comma, comments.
    private static int Closed(string text, int from)
    {
        while (text[from] != '}')
        {
            from = text[from] == '#' ? text.IndexOf('\n', from) : from + 1;
        }

        return from + 1;
    }

    private sealed record Written(YamlMappingNode Owner, YamlNode? Schedule, long KeyStart);
}
