namespace Sluice.Destinations.Relational;

/// <summary>What became of an index.</summary>
internal enum IndexOutcome
{
    /// <summary>It is there.</summary>
    Made,

    /// <summary>Some rows have the same key, so that it can't be unique.</summary>
    HasDoubles,

    /// <summary>Some key is longer than the database takes into an index.</summary>
    KeyTooLong,

    /// <summary>The database finds rows by their key without one.</summary>
    NotNeeded,
}
