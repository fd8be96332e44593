namespace Sluice.Engine.Config;

/// <summary>What becomes of rows that a whole listing no longer has.</summary>
public enum DeletePolicy
{
    /// <summary>They stay and get the time in <c>_sluice_deleted_at</c>.</summary>
    Soft,

    /// <summary>They stay as they are.</summary>
    Ignore,

    /// <summary>They are deleted.</summary>
    Hard,
}
