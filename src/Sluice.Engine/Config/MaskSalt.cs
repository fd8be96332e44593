using System.Text;

namespace Sluice.Engine.Config;

/// <summary>What keeps hashes from being looked up: whoever does not have it can't try out addresses against them.</summary>
/// <param name="text">The salt as it was set.</param>
public sealed class MaskSalt(string text)
{
    internal byte[] Key { get; } = Encoding.UTF8.GetBytes(text);

    /// <summary>Never gives the salt.</summary>
    public override string ToString() => "***";
}
