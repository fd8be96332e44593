using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads <c>notifications</c>: where a server tells how it stands.</summary>
/// <param name="names">The names of all syncs and pushes.</param>
/// <param name="mistakes">Takes what is wrong.</param>
internal sealed class NotificationReader(IReadOnlyList<string> names, PipelineErrors mistakes)
{
    /// <summary>Gives all that can be read.</summary>
    public IEnumerable<PipelineChannel> ReadAll(Section? all) => (all?.Entries ?? [])
        .Where(entry => entry.Value is YamlMap)
        .Select(entry => Read(entry.Name, new Section((YamlMap)entry.Value)))
        .OfType<PipelineChannel>();

    private PipelineChannel? Read(string name, Section said)
    {
        var kinds = NotificationKeys.Kinds.Where(said.Has).ToList();
        if (kinds.Count > 1)
        {
            mistakes.Add(
                said.PlaceOf(kinds[1]), $"The channel {name} has {string.Join(" and ", kinds)}.", "Make a channel of each, with a name of its own.");
        }

        CheckNames(said);
        return kinds is not [var kind] ? null : new PipelineChannel
        {
            Name = name,
            Kind = Takes.Words<ChannelKind>()[kind],
            For = said.Texts("for"),
            On = said.Texts("on") is { Count: > 0 } words
                ? [.. words.Select(word => Takes.Words<ChannelEvent>()[word])]
                : [.. Enum.GetValues<ChannelEvent>()],
            Address = said.Text(kind == NotificationKeys.Email ? "smtp" : kind),
            To = kind == NotificationKeys.Email ? said.Texts(kind) : [],
            From = said.Text("from"),
            SigningKey = said.Text("signing_key"),
        };
    }

    private void CheckNames(Section said)
    {
        foreach (var item in said.Items("for").Where(item => !names.Contains(item.Value, StringComparer.Ordinal)))
        {
            mistakes.Add(
                item,
                $"There is no sync and no push '{item.Raw}'.",
                Suggestion.For(item.Raw, names) ?? (names.Count == 0 ? "None is defined." : $"There are {string.Join(", ", names)}."));
        }
    }
}
