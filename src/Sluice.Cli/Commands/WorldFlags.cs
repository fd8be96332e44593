using System.CommandLine;
using Sluice.Engine;
using Sluice.Simulator;

namespace Sluice.Cli.Commands;

/// <summary>The size of the pretend workspace and its budget: what both the simulator and the demo let one choose.</summary>
internal sealed class WorldFlags(string customers = "1000", string rate = "10, as Customer.io's")
{
    private readonly Option<string?> _seed = Flag.Text("--seed", "N", "The seed of all data and faults: the same seed gives the same data [default: 1]");
    private readonly Option<string?> _customers = Flag.Text("--customers", "N", $"People [default: {customers}]");
    private readonly Option<string?> _rate = Flag.Text("--rps", "N", $"App API requests a second; 0 is no limit [default: {rate}]");

    public void AddTo(Command command)
    {
        command.Add(_seed);
        command.Add(_customers);
        command.Add(_rate);
    }

    public SimulatorOptions Read(Flags flags, SimulatorOptions usual, Mistakes mistakes) => usual with
    {
        Seed = flags.Whole(_seed, 0, int.MaxValue, mistakes) ?? usual.Seed,
        Customers = flags.Whole(_customers, 0, 10_000_000, mistakes) ?? usual.Customers,
        RequestsPerSecond = flags.Number(_rate, 0, 10_000, mistakes) ?? usual.RequestsPerSecond,
    };
}
