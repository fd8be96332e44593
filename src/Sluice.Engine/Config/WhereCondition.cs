using System.Globalization;

namespace Sluice.Engine.Config;

/// <summary>One condition on the rows of a resource that leads to a table.</summary>
/// <param name="Resource">The resource whose rows it is about.</param>
/// <param name="Column">The column.</param>
/// <param name="Operator">in, &gt;=, &lt;=, &gt; or &lt;.</param>
/// <param name="Values">The values; several only for in.</param>
public sealed record WhereCondition(string Resource, string Column, string Operator, IReadOnlyList<string> Values)
{
    /// <summary>The comparison with one of several values.</summary>
    public const string In = "in";

    /// <summary>Whether a value meets the condition; a value that is not there meets none.</summary>
    public bool Holds(string? value) => value is not null && Values.Any(wanted => Holds(value, wanted));

    /// <summary>Gives it as it could have been written.</summary>
    public override string ToString() => $"{Resource}.{Column} {Operator} ({string.Join(", ", Values.Select(value => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'"))})";

    private bool Holds(string value, string wanted)
    {
        if (Operator == In && string.Equals(value, wanted, StringComparison.Ordinal))
        {
            return true;
        }

        // An id can come as a number or as text with the same digits, and times are unix seconds.
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !decimal.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound))
        {
            return false;
        }

        return Operator switch
        {
            In => number == bound,
            ">=" => number >= bound,
            "<=" => number <= bound,
            ">" => number > bound,
            "<" => number < bound,
            _ => throw new InvalidOperationException($"There is no comparison {Operator}."),
        };
    }
}
