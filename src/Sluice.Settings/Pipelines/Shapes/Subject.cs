namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>What is looked at, in the words of a message, and how it is written rightly.</summary>
internal readonly record struct Subject(string Name, string Example)
{
    public string Fix => $"Write for example: {Example}";
}
