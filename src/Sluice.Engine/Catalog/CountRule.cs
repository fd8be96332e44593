namespace Sluice.Engine.Catalog;

/// <summary>Where Customer.io says how many records a parent has, so that a short list is noticed.</summary>
public sealed record CountRule
{
    /// <summary>The path of an endpoint that tells it, with the parameters of the resource's own path; null if a column of the parent does.</summary>
    public string? Path { get; init; }

    /// <summary>The key of the number in that endpoint's answer.</summary>
    public string Key { get; init; } = "count";

    /// <summary>The parent's column that tells it, or null.</summary>
    public string? Column { get; init; }
}
