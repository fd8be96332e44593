namespace Sluice.Simulator.Http;

/// <summary>One endpoint.</summary>
internal sealed record Route(string Method, string Pattern, Access Access, bool Writes, Action<Exchange> Handle)
{
    public string[] Segments { get; } = Pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public string Key => $"{Method} {Pattern}";

    public bool Matches(IReadOnlyList<string> path)
    {
        for (var position = 0; position < Segments.Length; position++)
        {
            if (Segments[position][0] != '{' && Segments[position] != path[position])
            {
                return false;
            }
        }

        return true;
    }
}
