namespace Sluice.Simulator.Http;

/// <summary>Finds the route of a raw path; segments are decoded after splitting, so an encoded slash stays part of its value.</summary>
internal sealed class Router
{
    private readonly Dictionary<(string Method, int Length), List<Route>> _routes = [];

    public void Get(string pattern, Action<ApiCall> handle, Access access = Access.App) => Add(new Route("GET", pattern, access, false, handle));

    /// <summary>A POST that only reads.</summary>
    public void Query(string pattern, Action<ApiCall> handle) => Add(new Route("POST", pattern, Access.App, false, handle));

    public void Write(string method, string pattern, Action<ApiCall> handle, Access access = Access.App)
        => Add(new Route(method, pattern, access, true, handle));

    /// <summary>The route, and the path segments as the route sees them.</summary>
    public (Route? Route, IReadOnlyList<string> Path) Resolve(string method, IReadOnlyList<string> path)
    {
        if (Find(method, path) is { } found)
        {
            return (found, path);
        }

        // An unencoded slash in a person's id makes the path longer; the API then finds nothing instead of failing.
        if (path.Count > 4 && path[1] == "customers")
        {
            string[] merged = [path[0], path[1], string.Join('/', path.Skip(2).SkipLast(1)), path[^1]];
            return (Find(method, merged), merged);
        }

        return (null, path);
    }

    private Route? Find(string method, IReadOnlyList<string> path)
        => _routes.TryGetValue((method, path.Count), out var candidates) ? candidates.Find(route => route.Matches(path)) : null;

    private void Add(Route route)
    {
        var key = (route.Method, route.Segments.Length);
        if (!_routes.TryGetValue(key, out var routes))
        {
            _routes[key] = routes = [];
        }

        routes.Add(route);
        // Literal segments win over placeholders, whatever the order of registration.
        routes.Sort((left, right) => Placeholders(left).CompareTo(Placeholders(right)));
    }

    private static int Placeholders(Route route) => route.Segments.Count(segment => segment[0] == '{');
}

/// <summary>One endpoint.</summary>
internal sealed record Route(string Method, string Pattern, Access Access, bool Writes, Action<ApiCall> Handle)
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

/// <summary>Who may call a route, and which budget it counts against.</summary>
internal enum Access
{
    App,
    AppSend,
    AppTrigger,
    AppArchive,
    Open,
    Track,
    TrackOpen,
    Control,
}
