using System.Globalization;
using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>A fault and when it strikes: always, at a seeded rate, or at the n-th request to a route.</summary>
internal sealed partial class FaultRule
{
    private readonly Dice _dice;
    private readonly double _rate = 1;
    private readonly HashSet<long> _numbers = [];
    private readonly string? _glob;
    private long _seen;

    private FaultRule(string kind, Fault fault, string when, string? glob, Dice dice)
    {
        (Kind, Fault, _glob, _dice) = (kind, fault, glob, dice);
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
            return new FaultRule(kind, fault, parts.Groups["when"].Value, glob.Success ? glob.Value : null, new Dice(seed * 1000L + position));
        }
        catch (FormatException problem)
        {
            throw new ArgumentException(
                $"Bad fault '{spec}': {problem.Message}. Write kind[:arg][@rate or #n,#m][/routeGlob]; kinds: {FaultKinds.List}.", nameof(spec), problem);
        }
    }

    public bool Strikes(Visit visit)
    {
        var path = "/" + string.Join('/', visit.Path);
        if ((_glob is not null && !FileSystemName.MatchesSimpleExpression(_glob, path)) || !Fault.Applies(visit))
        {
            return false;
        }

        var number = Interlocked.Increment(ref _seen);
        if (_numbers.Count > 0)
        {
            return _numbers.Contains(number);
        }

        // A deleted parent stays deleted: the same parent always rolls the same.
        var roll = Fault is DeletedParentFault ? Parent(visit) : number;
        return _rate >= 1 || _dice.Unit(Purpose.Fault, roll) < _rate;
    }

    /// <summary>A glob starts as the APIs' paths do, because an argument such as a content type may hold a slash as well.</summary>
    [GeneratedRegex("^(?<kind>[^:@#/]*)(:(?<argument>[^@#]*?))?(?<when>[@#][^/]*)?(?<glob>/(v1|api|unsubscribe|_files|\\*).*)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Grammar();

    private static long Parent(Visit visit)
        => string.Join('/', visit.Path.Take(3)).Aggregate(17L, (hash, character) => unchecked(hash * 31 + character));
}
