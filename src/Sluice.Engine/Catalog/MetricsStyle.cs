namespace Sluice.Engine.Catalog;

/// <summary>The parameters with which a resource of metrics is asked for its steps.</summary>
public enum MetricsStyle
{
    /// <summary>The resource holds no metrics.</summary>
    None,

    /// <summary>With <c>period</c> and <c>steps</c>: the last so many steps up to now.</summary>
    Steps,

    /// <summary>With <c>version=2</c>, <c>res</c>, <c>tz</c>, <c>start</c> and <c>end</c> (unix seconds).</summary>
    Range,

    /// <summary>With <c>resolution</c>, <c>start</c> and <c>end</c> (unix seconds), all three required; days start at 00:00 EST.</summary>
    Resolution,
}
