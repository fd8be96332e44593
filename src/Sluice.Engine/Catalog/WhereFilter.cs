using System.Globalization;

namespace Sluice.Engine.Catalog;

/// <summary>Conditions on the rows that lead to a table: fewer of them are asked. Two that say the same are equal.</summary>
/// <param name="conditions">The conditions; all must hold.</param>
public sealed class WhereFilter(IReadOnlyList<WhereCondition> conditions) : IEquatable<WhereFilter>
{
    /// <summary>No condition.</summary>
    public static WhereFilter None { get; } = new([]);

    /// <summary>The conditions.</summary>
    public IReadOnlyList<WhereCondition> Conditions { get; } = conditions;

    /// <summary>Whether there is no condition.</summary>
    public bool IsEmpty => Conditions.Count == 0;

    /// <summary>The conditions on one resource's rows.</summary>
    public IReadOnlyList<WhereCondition> On(string resource) => [.. Conditions.Where(condition => condition.Resource == resource)];

    /// <summary>The conditions on what leads to a resource, without those on its own rows.</summary>
    public WhereFilter Above(string resource) =>
        On(resource).Count == 0 ? this : new WhereFilter([.. Conditions.Where(condition => condition.Resource != resource)]);

    /// <summary>
    /// The keys of the parents, when the conditions name them and nothing else is needed of their rows: then nobody has to list the parents.
    /// Null when they must be listed.
    /// </summary>
    public IReadOnlyList<string>? KeysOf(Resource resource)
    {
        if (
            resource.Parent is not { } binding
            || resource.Window?.NotBefore is not null
            || On(binding.Resource) is not [{ Operator: WhereCondition.In } only])
        {
            return null;
        }

        return binding.Route.Values.Concat(binding.Columns.Values).All(column => column == only.Column) ? only.Values : null;
    }

    /// <inheritdoc/>
    public bool Equals(WhereFilter? other) => other is not null && string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WhereFilter);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Gives the conditions as they could have been written.</summary>
    public override string ToString() => string.Join(" and ", Conditions);
}

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
    public override string ToString() =>
        $"{Resource}.{Column} {Operator} ({string.Join(", ", Values.Select(value => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'"))})";

    private bool Holds(string value, string wanted)
    {
        if (Operator == In && string.Equals(value, wanted, StringComparison.Ordinal))
        {
            return true;
        }

        // An id can come as a number or as text with the same digits, and times are unix seconds.
        if (
            !decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !decimal.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound))
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

/// <summary>A range of time that was asked for; an open end means no bound on that side.</summary>
/// <param name="Start">The first instant that belongs to it, or null.</param>
/// <param name="End">The last instant that belongs to it, or null.</param>
public sealed record Interval(DateTimeOffset? Start, DateTimeOffset? End)
{
    /// <summary>All of time.</summary>
    public static Interval All { get; } = new(null, null);

    /// <summary>Whether nothing was asked for.</summary>
    public bool IsAll => Start is null && End is null;
}
