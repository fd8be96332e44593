namespace Sluice.Settings.Pipelines;

/// <summary>Something that is wrong with a pipeline file, or worth a warning.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What is wrong, without keys and passwords.</param>
/// <param name="Fix">What to do about it, or null.</param>
public sealed record PipelineMistake(string File, int Line, int Column, string Message, string? Fix)
{
    /// <summary>Gives it as compilers do, <c>sluice.yaml:12:7: message</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
