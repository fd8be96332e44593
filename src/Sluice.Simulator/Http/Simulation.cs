using Sluice.Simulator.Data;
using Sluice.Simulator.Faults;

namespace Sluice.Simulator.Http;

/// <summary>All that the requests of one server share.</summary>
internal sealed class Simulation : IDisposable
{
    private readonly Dictionary<World, Budgets> _budgets;

    public Simulation(SimulatorOptions options, TimeProvider time)
    {
        Options = options;
        Time = time;
        Clock = new SimulatedClock(time, options.Now, options.FreezeClock);
        Worlds = [.. Enumerable.Range(0, 1 + options.ExtraKeys.Count).Select(number => new World(options, Clock, number))];
        Keys = new Keys(options, Worlds);
        Faults = new FaultBook(options.Faults, options.Seed);
        _budgets = Worlds.ToDictionary(world => world, _ => new Budgets(options));
    }

    public SimulatorOptions Options { get; }

    public TimeProvider Time { get; }

    public SimulatedClock Clock { get; }

    public IReadOnlyList<World> Worlds { get; }

    public Keys Keys { get; }

    public Router Router { get; } = new();

    public FaultBook Faults { get; }

    public Statistics Statistics { get; } = new();

    public CancellationTokenSource Stopping { get; } = new();

    public Uri BaseAddress { get; set; } = new("http://127.0.0.1");

    public Budgets BudgetsOf(World world) => _budgets[world];

    /// <summary>Forgets what has been counted so far.</summary>
    public void Reset()
    {
        Statistics.Reset();
        foreach (var budgets in _budgets.Values)
        {
            budgets.Clear();
        }
    }

    public void Dispose()
    {
        Stopping.Dispose();
        foreach (var world in Worlds)
        {
            world.Dispose();
        }
    }
}
