using System.Text.Json.Nodes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>
/// What a value of the pipeline file may be. One description serves the reader, which checks by it, and the schema for editors, which is made from it:
/// the two can't drift apart.
/// </summary>
internal abstract class ValueShape
{
    /// <summary>What is wanted, as in "must be ...".</summary>
    public abstract string Wanted { get; }

    /// <summary>Notes what is wrong with a value and with all that is in it.</summary>
    public abstract void Check(YamlValue value, Subject subject, PipelineMistakes mistakes);

    /// <summary>The same for editors.</summary>
    public abstract JsonObject ToSchema();

    /// <summary>The same where it stands for a list of one.</summary>
    public virtual JsonObject ToSchemaAlone() => ToSchema();

    protected void NoteKind(YamlValue value, Subject subject, PipelineMistakes mistakes) =>
        mistakes.Add(value, value is YamlText { IsNull: true } ? $"{subject.Name} has no value." : $"{subject.Name} must be {Wanted}, but is {value.Kind}.", subject.Fix);
}
