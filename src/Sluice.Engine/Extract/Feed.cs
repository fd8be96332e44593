using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Extract;

/// <summary>One question to Customer.io with its durable pages: read once in a run, however many tables and children need it.</summary>
internal sealed class Feed(FeedName name, Resource resource, FeedSpool spool)
{
    public FeedName Name { get; } = name;

    public Resource Resource { get; } = resource;

    public MetricsPeriod? Period => Name.Period;

    public FeedSpool Spool { get; private set; } = spool;

    public FeedCounters Counters { get; private set; } = new();

    /// <summary>The part of time that is read.</summary>
    public FeedRange Range { get; set; } = FeedRange.All;

    /// <summary>Rows after which no more is asked for; null for all.</summary>
    public long? Limit { get; init; }

    /// <summary>How long one run waits for an export; null for as long as it takes.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>What is hidden of records before they are stored.</summary>
    public Masking Masks { get; init; } = Masking.None;

    /// <summary>Which members of the records' object are written beside their fields; null for none.</summary>
    public Flattening? Flattening { get; init; }

    /// <summary>What is written in front of every record; empty when nothing is.</summary>
    public byte[] Stamp { get; init; } = [];

    /// <summary>The feed whose rows lead to this one's, if any.</summary>
    public Feed? Parent { get; init; }

    public bool HasEnough => Limit is { } limit && Counters.Rows >= limit;

    /// <summary>Takes the place of a feed that was opened for the same question, before anybody has begun to read.</summary>
    public void Become(Feed fresh)
    {
        Spool = fresh.Spool;
        Range = fresh.Range;
        Counters = fresh.Counters;
    }
}
