using Sluice.Engine;

namespace Sluice.Cli.Account;

/// <summary>One thing that a check found out.</summary>
/// <param name="About">What it is about: key, workspace, track, destination.</param>
/// <param name="Text">What was found, in words.</param>
internal sealed record Finding(string About, string Text)
{
    /// <summary>The error, if it does not work.</summary>
    public SluiceException? Error { get; init; }
}
