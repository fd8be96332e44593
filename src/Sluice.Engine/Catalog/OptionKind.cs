namespace Sluice.Engine.Catalog;

/// <summary>What an option of a resource takes.</summary>
public enum OptionKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>One of the listed words.</summary>
    Choice,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>A whole number, 0 or above.</summary>
    Number,

    /// <summary>How many periods of metrics, at most what the period allows: 24 hours, 45 days, 12 weeks, 121 months.</summary>
    Steps,

    /// <summary>A day or time, sent as unix seconds.</summary>
    Time,

    /// <summary>Who is meant, in the grammar of Customer.io's search: JSON with and, or, not, segment and attribute.</summary>
    PeopleFilter,

    /// <summary>Segments by id or name; names are looked up.</summary>
    Segments,

    /// <summary>Ids, which are whole numbers, or the word <c>all</c>.</summary>
    Ids,

    /// <summary>A length of time such as 90m or 6h, kept in seconds.</summary>
    Duration,
}
