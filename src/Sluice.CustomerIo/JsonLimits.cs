namespace Sluice.CustomerIo;

/// <summary>Limits of the JSON that Sluice reads.</summary>
public static class JsonLimits
{
    /// <summary>The deepest nesting; the default of .NET, 64, would reject event data and attributes, which can be nested at will.</summary>
    public const int MaxDepth = 1000;
}
