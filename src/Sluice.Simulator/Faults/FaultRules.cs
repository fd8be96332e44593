using System.Globalization;
using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>The active faults; replaced as a whole.</summary>
internal sealed class FaultRules
{
    private readonly int _seed;
    private volatile IReadOnlyList<FaultRule> _rules = [];

    public FaultRules(IReadOnlyList<string> specs, int seed)
    {
        _seed = seed;
        Replace(specs);
    }

    public void Replace(IReadOnlyList<string> specs)
        => _rules = [.. specs.Select((spec, position) => FaultRule.Parse(spec, position, _seed))];

    /// <summary>The faults that apply to this request.</summary>
    public IReadOnlyList<FaultRule> MatchingRules(SimulatedRequest request)
    {
        var rules = _rules;
        return rules.Count == 0 ? rules : [.. rules.Where(rule => rule.Matches(request))];
    }
}

/// <summary>A fault and when it occurs: always, at a seeded rate, or in the n-th request to a route.</summary>
internal sealed partial class FaultRule
{
    private readonly SeededRandom _random;
    private readonly double _rate = 1;
    private readonly HashSet<long> _numbers = [];
    private readonly string? _glob;
    private long _seen;

    private FaultRule(string kind, Fault fault, string when, string? glob, SeededRandom random)
    {
        (Kind, Fault, _glob, _random) = (kind, fault, glob, random);
        if (when.StartsWith('@'))
        {
            _rate = double.Parse(when.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            _ = _rate is >= 0 and <= 1 ? 0 : throw new FormatException($"the rate {when} is not between 0 and 1");
        }
        else if (when.StartsWith('#'))
        {
            _numbers = [.. when.Split(',').Select(number => long.Parse(number.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture))];
        }
    }

    public string Kind { get; }

    public Fault Fault { get; }

    /// <summary>Reads <c>kind[:arg][@rate or #n,#m][/routeGlob]</c>; throws <see cref="ArgumentException"/> naming all kinds.</summary>
    public static FaultRule Parse(string spec, int position, int seed)
    {
        try
        {
            var parts = Grammar().Match(spec);
            var (kind, argument) = (parts.Groups["kind"].Value, parts.Groups["argument"]);
            var fault = FaultKinds.Create(kind, argument.Success ? argument.Value : null) ?? throw new FormatException($"no kind '{kind}'");
            var glob = parts.Groups["glob"];
            return new FaultRule(
                kind, fault, parts.Groups["when"].Value, glob.Success ? glob.Value : null, new SeededRandom(seed * 1000L + position));
        }
        catch (FormatException problem)
        {
            throw new ArgumentException(
                $"Bad fault '{spec}': {problem.Message}. Write kind[:arg][@rate or #n,#m][/routeGlob]; kinds: {FaultKinds.List}.",
                nameof(spec),
                problem);
        }
    }

    public bool Matches(SimulatedRequest request)
    {
        var path = "/" + string.Join('/', request.Path);
        if ((_glob is not null && !FileSystemName.MatchesSimpleExpression(_glob, path)) || !Fault.Applies(request))
        {
            return false;
        }

        var number = Interlocked.Increment(ref _seen);
        if (_numbers.Count > 0)
        {
            return _numbers.Contains(number);
        }

        // A deleted parent stays deleted: the decision depends on the parent alone.
        var roll = Fault is DeletedParentFault ? Parent(request) : number;
        return _rate >= 1 || _random.Unit(RandomStream.Fault, roll) < _rate;
    }

    /// <summary>A glob starts like the APIs' paths, because an argument such as a content type may contain a slash, too.</summary>
    [GeneratedRegex(
        "^(?<kind>[^:@#/]*)(:(?<argument>[^@#]*?))?(?<when>[@#][^/]*)?(?<glob>/(v1|api|unsubscribe|_files|\\*).*)?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Grammar();

    private static long Parent(SimulatedRequest request)
        => string.Join('/', request.Path.Take(3)).Aggregate(17L, (hash, character) => unchecked(hash * 31 + character));
}
