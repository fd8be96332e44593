using Sluice.Simulator.Data;
using Sluice.Simulator.Faults;

namespace Sluice.Simulator.Http;

/// <summary>The state that all requests of one server share.</summary>
internal sealed class Simulation : IDisposable
{
    private readonly Dictionary<World, RequestBudgets> _budgets;

    public Simulation(SimulatorOptions options, TimeProvider time)
    {
        Options = options;
        Time = time;
        Clock = new SimulatedClock(time, options.Now, options.FreezeClock);
        Worlds = [.. Enumerable.Range(0, 1 + options.ExtraKeys.Count).Select(number => new World(options, Clock, number))];
        ApiKeys = new ApiKeys(options, Worlds);
        Faults = new FaultRules(options.Faults, options.Seed);
        _budgets = Worlds.ToDictionary(world => world, _ => new RequestBudgets(options));
    }

    public SimulatorOptions Options { get; }

    public TimeProvider Time { get; }

    public SimulatedClock Clock { get; }

    public IReadOnlyList<World> Worlds { get; }

    public ApiKeys ApiKeys { get; }

    public Router Router { get; } = new();

    public FaultRules Faults { get; }

    public Statistics Statistics { get; } = new();

    public CancellationTokenSource Stopping { get; } = new();

    public Uri BaseAddress { get; set; } = new("http://127.0.0.1");

    public RequestBudgets BudgetsOf(World world) => _budgets[world];

    /// <summary>Resets statistics and request budgets.</summary>
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
