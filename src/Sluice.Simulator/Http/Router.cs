namespace Sluice.Simulator.Http;

/// <summary>Finds the route of a raw path; decoding comes after splitting, so an encoded slash stays inside its value.</summary>
internal sealed class Router
{
    private readonly Dictionary<(string Method, int Length), List<Route>> _routes = [];

    public void Get(string pattern, Action<Exchange> handle, Access access = Access.App) => Add(new Route("GET", pattern, access, false, handle));

    /// <summary>A POST that only asks.</summary>
    public void Query(string pattern, Action<Exchange> handle) => Add(new Route("POST", pattern, Access.App, false, handle));

    public void Write(string method, string pattern, Action<Exchange> handle, Access access = Access.App)
        => Add(new Route(method, pattern, access, true, handle));

    /// <summary>The route, and the path's segments as the route sees them.</summary>
    public (Route? Route, IReadOnlyList<string> Path) Resolve(string method, IReadOnlyList<string> path)
    {
        if (Find(method, path) is { } found)
        {
            return (found, path);
        }

        // A bare slash in a person's id makes the path longer; the API then finds nothing instead of failing.
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
