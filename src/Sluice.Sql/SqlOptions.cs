namespace Sluice.Sql;

/// <summary>What holds for all queries of a session.</summary>
public sealed record SqlOptions
{
    /// <summary>Requests that a query may take; one that needs more is refused before it spends them.</summary>
    public long MostRequests { get; init; } = 1000;

    /// <summary>DuckDB files that can be read beside the live tables, by the name that they get in SQL.</summary>
    public IReadOnlyDictionary<string, string> Attached { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The folder for rows that later queries can use; null to keep none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>How long kept rows are good for.</summary>
    public TimeSpan CacheLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether kept rows are not used, but replaced.</summary>
    public bool IsFresh { get; init; }

    /// <summary>Whether kept rows decide how a table is read; only tests of the other ways want them not to.</summary>
    internal bool CacheDecidesWays { get; init; } = true;

    /// <summary>Whether a table is read whole only when there is no other way; only tests of the ways want that.</summary>
    internal bool PrefersNarrowWays { get; init; }

    /// <summary>
    /// Called before a query asks for its first page, with what it will cost as far as that is known; what it throws ends the query.
    /// </summary>
    public Action<QueryReport>? Planned { get; init; }

    /// <summary>Called for each page.</summary>
    public Action<QueryProgress>? Progress { get; init; }
}
