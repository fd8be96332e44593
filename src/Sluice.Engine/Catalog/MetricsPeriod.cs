namespace Sluice.Engine.Catalog;

/// <summary>The length of one step of metrics, named as the API names it.</summary>
public enum MetricsPeriod
{
    /// <summary>One hour, from the full hour.</summary>
    Hours,

    /// <summary>One day, from 00:00 EST.</summary>
    Days,

    /// <summary>One week, from Sunday 00:00 EST.</summary>
    Weeks,

    /// <summary>One month, from 00:00 EST on the 1st.</summary>
    Months,
}
