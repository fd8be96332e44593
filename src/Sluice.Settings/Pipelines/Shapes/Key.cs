namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>A key of the file: what it takes and what it does.</summary>
/// <param name="Name">The key.</param>
/// <param name="Shape">What it takes.</param>
/// <param name="Example">A line of YAML that uses it.</param>
/// <param name="Doc">One or two sentences for people and editors, with the default.</param>
internal sealed record Key(string Name, ValueShape Shape, string Example, string Doc)
{
    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether its value is a key or a password, which belongs into a variable.</summary>
    public bool IsSecret { get; init; }
}
