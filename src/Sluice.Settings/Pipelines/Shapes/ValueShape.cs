using System.Text.Json.Nodes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>
/// What a value of the pipeline file may be. One description serves the reader, which checks by it, and the schema for editors, which is made from
/// it: the two can't drift apart.
/// </summary>
internal abstract class ValueShape
{
    /// <summary>What is wanted, as in "must be ...".</summary>
    public abstract string Wanted { get; }

    /// <summary>Notes what is wrong with a value and with all that is in it.</summary>
    public abstract void Check(YamlValue value, Subject subject, PipelineErrors mistakes);

    /// <summary>The same for editors.</summary>
    public abstract JsonObject ToSchema();

    /// <summary>The same where it stands for a list of one.</summary>
    public virtual JsonObject ToSchemaAlone() => ToSchema();

    protected void NoteKind(YamlValue value, Subject subject, PipelineErrors mistakes) =>
        mistakes.Add(
            value,
            value is YamlText { IsNull: true } ? $"{subject.Name} has no value." : $"{subject.Name} must be {Wanted}, but is {value.Kind}.",
            subject.Fix);
}

/// <summary>What is looked at somewhere else.</summary>
internal sealed class AnythingShape : ValueShape
{
    public override string Wanted => "anything";

    public override void Check(YamlValue value, Subject subject, PipelineErrors mistakes)
    {
        if (value is YamlText { IsNull: true })
        {
            NoteKind(value, subject, mistakes);
        }
    }

    public override JsonObject ToSchema() => [];
}

/// <summary>Something short that is a text or a list, or a mapping that says more.</summary>
internal sealed class EitherShape(ValueShape brief, ValueShape full) : ValueShape
{
    public override string Wanted => $"{brief.Wanted} or {full.Wanted}";

    public override void Check(YamlValue value, Subject subject, PipelineErrors mistakes)
    {
        var chosen = value is YamlMap ? full : brief;
        if (value is YamlList && brief is ScalarShape)
        {
            NoteKind(value, subject, mistakes);
        }
        else
        {
            chosen.Check(value, subject, mistakes);
        }
    }

    public override JsonObject ToSchema() => new() { ["anyOf"] = new JsonArray(brief.ToSchema(), full.ToSchema()) };
}

/// <summary>What is looked at, in the words of a message, and how it is written rightly.</summary>
internal readonly record struct Subject(string Name, string Example)
{
    public string Fix => $"Write for example: {Example}";
}

/// <summary>A list, or one of its items alone.</summary>
internal sealed class ListShape(ValueShape item) : ValueShape
{
    public override string Wanted => "a list";

    public override void Check(YamlValue value, Subject subject, PipelineErrors mistakes)
    {
        switch (value)
        {
            case YamlList { Items.Count: 0 }:
                mistakes.Add(value, $"{subject.Name} is an empty list.", subject.Fix);
                break;
            case YamlList list:
                foreach (var one in list.Items)
                {
                    item.Check(one, subject with { Name = $"An item of {subject.Name}" }, mistakes);
                }

                break;
            case YamlText { IsNull: false }:
                item.Check(value, subject, mistakes);
                break;
            default:
                NoteKind(value, subject, mistakes);
                break;
        }
    }

    public override JsonObject ToSchema() => new()
    {
        ["anyOf"] = new JsonArray(item.ToSchemaAlone(), new JsonObject { ["type"] = "array", ["items"] = item.ToSchema(), ["minItems"] = 1 }),
    };
}
