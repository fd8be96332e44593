using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>The faults in force; replaced as a whole.</summary>
internal sealed class FaultBook
{
    private readonly int _seed;
    private volatile IReadOnlyList<FaultRule> _rules = [];

    public FaultBook(IReadOnlyList<string> specs, int seed)
    {
        _seed = seed;
        Replace(specs);
    }

    public void Replace(IReadOnlyList<string> specs)
        => _rules = [.. specs.Select((spec, position) => FaultRule.Parse(spec, position, _seed))];

    /// <summary>The faults that strike this request.</summary>
    public IReadOnlyList<FaultRule> Striking(Visit visit)
    {
        var rules = _rules;
        return rules.Count == 0 ? rules : [.. rules.Where(rule => rule.Strikes(visit))];
    }
}
