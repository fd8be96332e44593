using System.Buffers;

namespace Sluice.Simulator.Http;

/// <summary>Characters that a path or query value may only hold percent-encoded: bare, the API answers 200 and finds nothing.</summary>
internal static class Unencoded
{
    private static readonly SearchValues<char> Bare = SearchValues.Create("+@& /");

    public static bool In(string raw) => raw.AsSpan().ContainsAny(Bare);
}
