namespace Sluice.Engine.Catalog;

/// <summary>The window of time that a request must name, because the API cuts longer or open ones without a word.</summary>
public sealed record WindowRule
{
    /// <summary>The longest window in days: 180 for "6 months" and 360 for "12 months", since the API's month arithmetic is not documented.</summary>
    public required int MaxDays { get; init; }

    /// <summary>The column whose time is compared with the window.</summary>
    public required string Column { get; init; }

    /// <summary>The query parameter of the window's start, in unix seconds.</summary>
    public string StartParameter { get; init; } = "start_ts";

    /// <summary>The query parameter of the window's end, in unix seconds.</summary>
    public string EndParameter { get; init; } = "end_ts";

    /// <summary>The parent's column before which no record can be, or null if nothing bounds the history.</summary>
    public string? NotBefore { get; init; }
}
