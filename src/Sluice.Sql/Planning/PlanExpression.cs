using System.Globalization;
using System.Text.Json;
using Sluice.Engine.DuckDb;

namespace Sluice.Sql.Planning;

/// <summary>An expression of a plan, as far as it can be used to ask for fewer rows.</summary>
internal abstract record PlanExpression
{
    /// <summary>Something that can't be used.</summary>
    public static PlanExpression Unknown { get; } = new UnknownExpression();

    /// <summary>A condition that always holds.</summary>
    public static PlanExpression True { get; } = new TrueExpression();
}

internal sealed record UnknownExpression : PlanExpression;

internal sealed record TrueExpression : PlanExpression;

/// <summary>A column, by where its values come from; several places after a UNION.</summary>
internal sealed record ColumnExpression(IReadOnlyList<PlanOrigin> Origins) : PlanExpression
{
    /// <summary>The column of a scan, when it is that and nothing else.</summary>
    public bool IsOf(PlanScan scan, string column) =>
        Origins is [{ Scan: { } only } origin] && ReferenceEquals(only, scan) && string.Equals(origin.Column, column, StringComparison.Ordinal);
}

internal sealed record ConstantExpression(PlanValue Value) : PlanExpression;

internal sealed record ComparisonExpression(string Operator, PlanExpression Left, PlanExpression Right) : PlanExpression;

internal sealed record CombinedExpression(bool IsOr, IReadOnlyList<PlanExpression> Parts) : PlanExpression;

internal sealed record OperatorExpression(string Operator, IReadOnlyList<PlanExpression> Arguments) : PlanExpression;

internal sealed record CallExpression(string Function, IReadOnlyList<PlanExpression> Arguments) : PlanExpression;

/// <summary>A cast.</summary>
/// <param name="Of">What is cast.</param>
/// <param name="To">The type after the cast.</param>
/// <param name="From">The type before it; empty when it is not known.</param>
internal sealed record CastExpression(PlanExpression Of, string To, string From) : PlanExpression;

/// <summary>A constant of a plan.</summary>
/// <param name="Type">DuckDB's name of its type.</param>
/// <param name="Text">The value as text: digits, text as it is, microseconds of a timestamp; null for NULL.</param>
internal sealed record PlanValue(string Type, string? Text)
{
    private static readonly string[] Integers =
        ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "INTEGER_LITERAL"];

    public bool IsInteger => IsIntegerType(Type);

    public bool IsText => Type is "VARCHAR";

    /// <summary>Microseconds since 1970 of a timestamp with time zone, or null.</summary>
    public long? Microseconds => Type is "TIMESTAMP WITH TIME ZONE" && long.TryParse(Text, CultureInfo.InvariantCulture, out var time) ? time : null;

    public static bool IsIntegerType(string type) => Integers.Contains(type, StringComparer.Ordinal);

    /// <summary>Reads a value of the plan; null when it is of a kind that nothing is known to do with.</summary>
    public static PlanValue? Read(JsonElement value)
    {
        var type = value.GetProperty("type").GetProperty("id").GetString()!;
        if (value.GetProperty("is_null").GetBoolean())
        {
            return new PlanValue(type, null);
        }

        if (!value.TryGetProperty("value", out var held))
        {
            return null;
        }

        return held.ValueKind switch
        {
            JsonValueKind.String => new PlanValue(type, held.GetString()),
            JsonValueKind.Number when held.TryGetInt64(out var digits) => Number(type, digits, value),
            JsonValueKind.Number => new PlanValue(type, held.GetRawText()),
            JsonValueKind.Object when Huge(held) is { } digits => Number(type, digits, value),
            JsonValueKind.True => new PlanValue(type, "true"),
            JsonValueKind.False => new PlanValue(type, "false"),
            _ => null,
        };
    }

    /// <summary>The values of a list.</summary>
    public static IReadOnlyList<PlanValue>? ReadList(JsonElement value) =>
        value.TryGetProperty("value", out var held) && held.ValueKind == JsonValueKind.Object && held.TryGetProperty("children", out var children)
            && children.EnumerateArray().Select(Read).ToList() is var read && read.TrueForAll(one => one is not null)
            ? [.. read.Select(one => one!)]
            : null;

    // Numbers of 128 bits come in two halves.
    private static Int128? Huge(JsonElement halves) =>
        halves.TryGetProperty("upper", out var upper) && upper.TryGetInt64(out var high) && halves.GetProperty("lower").TryGetUInt64(out var low)
            ? ((Int128)high << 64) | low
            : null;

    // A decimal is kept as its digits, with the scale in its type.
    private static PlanValue? Number(string type, Int128 digits, JsonElement value)
    {
        if (type != "DECIMAL")
        {
            return new PlanValue(type, digits.ToString(CultureInfo.InvariantCulture));
        }

        if (Int128.Abs(digits) > (Int128)decimal.MaxValue
            || !value.GetProperty("type").GetProperty("type_info").TryGetProperty("scale", out var scale))
        {
            return null;
        }

        var number = (decimal)digits;
        for (var i = 0; i < scale.GetInt32(); i++)
        {
            number /= 10;
        }

        return new PlanValue(type, number.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>Where a table is.</summary>
internal sealed record TablePlace(string Catalog, string Schema, string Table)
{
    /// <summary>The database of live tables.</summary>
    public const string Live = "memory";

    public bool IsLive => Catalog == Live;

    /// <summary>The name in SQL.</summary>
    public string Name => string.Join('.', new[] { Catalog, Schema, Table }.Select(DuckDBIdentifier.Quote));
}

/// <summary>A table that a query reads, once for each place in which it stands.</summary>
internal sealed class PlanScan(TablePlace source, int place)
{
    /// <summary>The table: a live one, or one of an attached file, which costs nothing.</summary>
    public TablePlace Source { get; } = source;

    /// <summary>The table's name.</summary>
    public string Table => Source.Table;

    /// <summary>Tells scans of one table apart.</summary>
    public int Place { get; } = place;

    /// <summary>The columns that the query uses.</summary>
    public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the row's number is used, or no column at all.</summary>
    public bool UsesRowNumber { get; set; }

    /// <summary>Conditions that every row must meet to be of use.</summary>
    public List<PlanExpression> Conditions { get; } = [];

    /// <summary>Rows after which no more is of use, when nothing else is done with them before; null for all.</summary>
    public long? Limit { get; set; }

    /// <summary>The column by which the rows are wanted newest first, when that comes with the limit.</summary>
    public string? NewestBy { get; set; }
}

/// <summary>Where the values of a column come from: a scan's column, or constants that stand in the query.</summary>
internal sealed record PlanOrigin(PlanScan? Scan, string Column)
{
    /// <summary>The constants, when there is no scan.</summary>
    public IReadOnlyList<PlanValue> Constants { get; init; } = [];

    /// <summary>Whether rows must not be left out of the scan for what is wanted here: they are wanted elsewhere, too, or are counted.</summary>
    public bool IsFixed { get; init; }

    /// <summary>Whether an outer join puts NULL in the place of rows that are not there.</summary>
    public bool IsPadded { get; init; }

    /// <summary>
    /// The aggregate that gives one of the values, over all rows of the scan that meet its conditions: max, min or another one; null for all values.
    /// </summary>
    public string? Choice { get; init; }
}

/// <summary>Only rows of <paramref name="To"/> are of use whose value is among those of <paramref name="From"/>.</summary>
/// <param name="To">The column whose scan can be asked for less.</param>
/// <param name="From">Where the values come from.</param>
/// <param name="NullsMatch">Whether NULL equals NULL.</param>
internal sealed record PlanEdge(PlanOrigin To, IReadOnlyList<PlanOrigin> From, bool NullsMatch);

/// <summary>What of a query matters for asking: its scans, and which of them give keys to others.</summary>
internal sealed record QueryPlan(IReadOnlyList<PlanScan> Scans, IReadOnlyList<PlanEdge> Edges)
{
    /// <summary>Whether nothing is known but the tables: all of them are fetched whole.</summary>
    public bool IsBlind { get; init; }

    /// <summary>Where the columns of the result come from, in their order; there can be more entries than columns.</summary>
    public IReadOnlyList<IReadOnlyList<PlanOrigin>?> Output { get; init; } = [];

    /// <summary>Whether each row of the result is one row of a single table, and no row of it comes out twice.</summary>
    public bool IsOfSingleRows { get; init; }
}
