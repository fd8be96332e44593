using System.Globalization;

namespace Sluice.Sql;

/// <summary>What a query costs, or has cost.</summary>
public sealed record QueryReport
{
    /// <summary>The parts in the order in which they are asked for.</summary>
    public required IReadOnlyList<QueryStep> Steps { get; init; }

    /// <summary>Requests that are needed at least.</summary>
    public required long LeastRequests { get; init; }

    /// <summary>Requests that are expected.</summary>
    public required long LikelyRequests { get; init; }

    /// <summary>Requests that were made, for the plan too.</summary>
    public required long Requests { get; init; }

    /// <summary>How long the expected requests take at the budget's rate, if nothing else uses it.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long DuckDB took to plan.</summary>
    public TimeSpan Planning { get; init; }

    /// <summary>Values that did not fit the type of their column and are NULL.</summary>
    public long Rejected { get; init; }

    /// <summary>What should be known of the answer.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One part of a query's work: a table, or a list that leads to one.</summary>
/// <param name="Table">The table.</param>
/// <param name="How">How it is read, in words.</param>
public sealed record QueryStep(string Table, string How)
{
    /// <summary>The columns whose conditions save requests.</summary>
    public IReadOnlyList<string> Pushed { get; init; } = [];

    /// <summary>Conditions that DuckDB checks on the rows that came.</summary>
    public IReadOnlyList<string> Checked { get; init; } = [];

    /// <summary>Requests that are needed at least.</summary>
    public long LeastRequests { get; init; }

    /// <summary>Requests that are expected.</summary>
    public long LikelyRequests { get; init; }

    /// <summary>Requests that were made; null when it was not read.</summary>
    public long? Requests { get; init; }

    /// <summary>Rows that came; null when it was not read.</summary>
    public long? Rows { get; init; }

    /// <summary>How old the rows are, when they were kept from an earlier query.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The requests in words: 5, or 0 to 20.</summary>
    public string RequestText => LeastRequests == LikelyRequests
        ? LikelyRequests.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"about {LikelyRequests}, at least {LeastRequests}");
}

/// <summary>Where a query is.</summary>
/// <param name="Table">The table that is read.</param>
/// <param name="Requests">Requests of the query so far.</param>
/// <param name="Rows">Rows of the table so far.</param>
public sealed record QueryProgress(string Table, long Requests, long Rows);
