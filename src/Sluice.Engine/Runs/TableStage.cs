namespace Sluice.Engine.Runs;

/// <summary>What a table is doing.</summary>
public enum TableStage
{
    /// <summary>Nothing yet.</summary>
    Waiting,

    /// <summary>Reading pages and staging them.</summary>
    Reading,

    /// <summary>Making the rows visible.</summary>
    Committing,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Not done, for the reason the report tells.</summary>
    Failed,
}
