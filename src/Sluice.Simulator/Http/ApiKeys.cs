using System.Text;

namespace Sluice.Simulator.Http;

/// <summary>Finds the workspace of a request's credentials.</summary>
internal sealed class ApiKeys
{
    private readonly IReadOnlyList<World> _worlds;
    private readonly bool _earlierForm;
    private readonly Dictionary<string, World> _app = new(StringComparer.Ordinal);
    private readonly Dictionary<string, World> _track = new(StringComparer.Ordinal);

    public ApiKeys(SimulatorOptions options, IReadOnlyList<World> worlds)
    {
        _worlds = worlds;
        _earlierForm = options.HasEarlierForm;
        string[] keys = [options.AppApiKey, .. options.ExtraKeys];
        for (var number = 0; number < worlds.Count; number++)
        {
            var site = number == 0 ? options.SiteId : $"{options.SiteId}-{number + 1}";
            _app[$"Bearer {keys[number]}"] = worlds[number];
            _track["Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{site}:{options.TrackApiKey}"))] = worlds[number];
        }
    }

    public World Open(Access access, string authorization)
    {
        var keys = access switch
        {
            Access.Open or Access.TrackOpen or Access.Control => null,
            Access.Track => _track,
            _ => _app,
        };
        if (keys is null)
        {
            return _worlds[0];
        }

        return keys.TryGetValue(authorization, out var world)
            ? world
            : throw new ApiException(401, "unauthorized", access == Access.Track ? ErrorEnvelope.Meta : ErrorEnvelope.Errors)
            {
                Code = _earlierForm ? null : "invalid_credentials",
            };
    }
}
