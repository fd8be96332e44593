using System.Globalization;

namespace Sluice.Tests.Sql;

/// <summary>Makes random queries whose answer does not depend on the order of rows.</summary>
internal sealed partial class QueryGenerator(int seed)
{
    private static readonly string[] JoinTypes =
        ["JOIN", "JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN"];

    private readonly Random _random = new(seed);

    public string Next() => _random.Next(26) switch
    {
        20 => Counted(),
        21 or 22 => ScalarKey(),
        23 or 24 => Alternatives(),
        25 => Searched(),
        0 => Single(),
        1 or 2 or 3 or 4 or 5 => Joined(),
        6 => InSubquery(),
        7 => Exists(),
        8 => Scalar(),
        9 => Cte(),
        10 => SetOperation(),
        11 => Grouped(),
        12 => Window(),
        13 or 14 => Limited(),
        15 => Lateral(),
        16 or 17 or 18 => Shared(),
        _ => Constants(),
    };

    private T Pick<T>(IReadOnlyList<T> options) => options[_random.Next(options.Count)];

    // Mostly those where a key saves requests: only there something can go wrong.
    private QueryJoin Join() => Pick(Maybe(80) ? QueryWorld.Keyed : QueryWorld.Joins);

    private bool Maybe(int percent) => _random.Next(100) < percent;

    private string Single()
    {
        var table = Pick(QueryWorld.Tables);
        return $"SELECT {Columns(table, "t")} FROM {table.Name} t{Where(1, (table, "t"))}";
    }

    private string Joined()
    {
        var join = Join();
        var (left, right) = Maybe(50) ? (join.Child, join.Parent) : (join.Parent, join.Child);
        var type = Pick(JoinTypes);
        var condition = $"{(left == join.Child ? $"a.{join.ChildColumn} = b.{join.ParentColumn}" : $"a.{join.ParentColumn} = b.{join.ChildColumn}")}";
        if (Maybe(50))
        {
            condition += $" AND {Predicate(right, "b")}";
        }

        var isHalf = type is "SEMI JOIN" or "ANTI JOIN";
        var third = isHalf || Maybe(60) ? null : QueryWorld.Joins.FirstOrDefault(other => other.Child == right && other.Parent != left);
        var more = third is null ? "" : $" {Pick(JoinTypes[..6])} {third.Parent.Name} c ON b.{third.ChildColumn} = c.{third.ParentColumn}";
        var scopes = new List<(QueryTable Table, string Alias)> { (left, "a") };
        scopes.AddRange(isHalf ? [] : third is null ? [(right, "b")] : [(right, "b"), (third.Parent, "c")]);
        var select = string.Join(", ", scopes.Select(scope => Columns(scope.Table, scope.Alias)));
        return $"SELECT {select} FROM {left.Name} a {type} {right.Name} b ON {condition}{more}{Where(70, [.. scopes])}";
    }

    private string InSubquery()
    {
        var join = Join();
        var inner = $"SELECT {join.ParentColumn} FROM {join.Parent.Name} p{Where(90, (join.Parent, "p"))}";
        var test = $"t.{join.ChildColumn} {(Maybe(25) ? "NOT " : "")}IN ({inner})";
        var rest = Maybe(40) ? $" {(Maybe(30) ? "OR" : "AND")} {Predicate(join.Child, "t")}" : "";
        return $"SELECT {Columns(join.Child, "t")} FROM {join.Child.Name} t WHERE {test}{rest}";
    }

    private string Exists()
    {
        var join = Join();
        var (outer, inner) = Maybe(50) ? (join.Child, join.Parent) : (join.Parent, join.Child);
        var (one, other) = outer == join.Child ? (join.ChildColumn, join.ParentColumn) : (join.ParentColumn, join.ChildColumn);
        return $"SELECT {Columns(outer, "t")} FROM {outer.Name} t WHERE {(Maybe(30) ? "NOT " : "")}EXISTS (SELECT 1 FROM {inner.Name} i "
            + $"WHERE i.{other} = t.{one}{(Maybe(60) ? $" AND {Predicate(inner, "i")}" : "")})"
            + (Maybe(50) ? $" {(Maybe(25) ? "OR" : "AND")} {Predicate(outer, "t")}" : "");
    }

    private string Scalar()
    {
        var join = Join();
        return $"SELECT {Columns(join.Parent, "p")}, (SELECT count(*) FROM {join.Child.Name} c WHERE c.{join.ChildColumn} = p.{join.ParentColumn}"
            + $"{(Maybe(50) ? $" AND {Predicate(join.Child, "c")}" : "")}) AS n FROM {join.Parent.Name} p{Where(70, (join.Parent, "p"))}";
    }

    private string Cte()
    {
        var join = Join();
        var kind = Pick(["", "", "MATERIALIZED ", "NOT MATERIALIZED "]);
        var body = $"SELECT {join.ParentColumn} AS k, {join.Parent.Text} AS v FROM {join.Parent.Name} p{Where(70, (join.Parent, "p"))}";
        var limit = Maybe(25) ? " ORDER BY k, v LIMIT 3" : "";
        var twice = Maybe(50) ? " UNION ALL SELECT x.k, count(*) FROM x GROUP BY 1" : "";
        return $"WITH x AS {kind}({body}{limit}) SELECT t.{join.ChildColumn} AS k, count(*) AS n FROM {join.Child.Name} t "
            + $"{Pick(JoinTypes[..5])} x ON x.k = t.{join.ChildColumn}{Where(40, (join.Child, "t"))} GROUP BY 1{twice}";
    }

    // A part that stands in two places: what one of them does not need the other may.
    private string Shared()
    {
        var join = Join();
        var kind = Pick(["MATERIALIZED ", "MATERIALIZED ", ""]);
        var order = string.Join(", ", join.Child.Key);
        var cut = Pick(["", "", $" ORDER BY {order} LIMIT 6", $" QUALIFY row_number() OVER (ORDER BY {order}) % 3 = 0"]);
        var body = $"SELECT * FROM {join.Child.Name} c{Where(30, (join.Child, "c"))}{cut}";
        var first = $"SELECT x.{join.ChildColumn} AS k, p.{join.Parent.Text} AS v FROM x {Pick(JoinTypes[..7])} {join.Parent.Name} p "
            + $"ON p.{join.ParentColumn} = x.{join.ChildColumn}{Where(85, (join.Parent, "p"))}";
        var second = Pick([
            $"SELECT {join.ChildColumn} AS k, NULL AS v FROM x", $"SELECT {join.ChildColumn}, CAST(count(*) AS VARCHAR) FROM x GROUP BY 1",
            $"SELECT y.{join.ParentColumn}, y.{join.Parent.Text} FROM {join.Parent.Name} y WHERE y.{join.ParentColumn} NOT IN "
                + $"(SELECT {join.ChildColumn} FROM x WHERE {join.ChildColumn} IS NOT NULL)"]);
        return $"WITH x AS {kind}({body}) {first} UNION ALL {second}";
    }

    private string SetOperation()
    {
        var join = Join();
        var operation = Pick(["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL"]);
        return $"SELECT {join.ParentColumn} AS k FROM {join.Parent.Name} p{Where(60, (join.Parent, "p"))} {operation} "
            + $"SELECT {join.ChildColumn} AS k FROM {join.Child.Name} c{Where(60, (join.Child, "c"))}";
    }

    private string Grouped()
    {
        var join = Join();
        var grouping = Pick(["k", "k", "ROLLUP (k, v)", "CUBE (k, v)"]);
        var having = Maybe(30) ? " HAVING count(*) > 1" : "";
        var inner = $"SELECT c.{join.ChildColumn} AS k, c.{join.Child.Text} AS v FROM {join.Child.Name} c{Where(40, (join.Child, "c"))}";
        var grouped = $"SELECT k, count(*) AS n, count(DISTINCT v) AS d FROM ({inner}) GROUP BY {grouping}{having}";
        return Maybe(50)
            ? $"SELECT g.*, {Columns(join.Parent, "p")} FROM ({grouped}) g {Pick(JoinTypes[..7])} {join.Parent.Name} p ON g.k = p.{join.ParentColumn}"
                + Where(50, (join.Parent, "p"))
            : grouped;
    }

    private string Window()
    {
        var join = Join();
        var partition = Maybe(60) ? $"PARTITION BY t.{join.ChildColumn} " : "";
        var order = string.Join(", ", join.Child.Key.Select(column => $"t.{column}"));
        var windowed = $"SELECT t.{join.ChildColumn} AS k, row_number() OVER ({partition}ORDER BY {order}) AS r FROM {join.Child.Name} t";
        return Maybe(40)
            ? $"{windowed}{Where(50, (join.Child, "t"))} QUALIFY r <= 2"
            : $"SELECT w.k, w.r, p.{join.Parent.Text} FROM ({windowed}) w {Pick(JoinTypes[..5])} {join.Parent.Name} p ON w.k = p.{join.ParentColumn}"
                + Where(70, (join.Parent, "p"));
    }

    private string Limited()
    {
        var join = Join();
        var order = $"ORDER BY {string.Join(", ", join.Child.Key)}{(Maybe(30) ? " DESC" : "")}";
        var limit = $"{order} LIMIT {_random.Next(0, 9)}{(Maybe(30) ? " OFFSET 2" : "")}";
        var some = $"SELECT * FROM {join.Child.Name} c{Where(30, (join.Child, "c"))} {limit}";
        return $"SELECT {Columns(join.Child, "s")}, {Columns(join.Parent, "p")} FROM ({some}) s {Pick(JoinTypes[..7])} {join.Parent.Name} p "
            + $"ON s.{join.ChildColumn} = p.{join.ParentColumn}{Where(80, (join.Parent, "p"))}";
    }

    private string Lateral()
    {
        var join = Join();
        return $"SELECT p.{join.ParentColumn}, l.n FROM {join.Parent.Name} p, LATERAL (SELECT count(*) AS n FROM {join.Child.Name} c "
            + $"WHERE c.{join.ChildColumn} = p.{join.ParentColumn}{(Maybe(50) ? $" AND {Predicate(join.Child, "c")}" : "")}) l"
            + Where(60, (join.Parent, "p"));
    }

    private string Constants()
    {
        var join = Join();
        string[] values = [Value(join.Parent, join.ParentColumn), Value(join.Parent, join.ParentColumn)];
        return _random.Next(3) switch
        {
            0 => $"SELECT {Columns(join.Child, "t")} FROM {join.Child.Name} t WHERE t.{join.ChildColumn} = ANY([{string.Join(", ", values)}])",
            1 => $"SELECT {Columns(join.Child, "t")} FROM {join.Child.Name} t "
                + $"JOIN (VALUES ({values[0]}), ({values[1]})) v(k) ON v.k = t.{join.ChildColumn}",
            _ => $"SELECT {Columns(join.Child, "t")} FROM {join.Child.Name} t WHERE t.{join.ChildColumn} = (SELECT max({join.ParentColumn}) "
                + $"FROM {join.Parent.Name} p{Where(50, (join.Parent, "p"))})",
        };
    }

    private static string Columns(QueryTable table, string alias) =>
        string.Join(", ", table.Key.Append(table.Text).Distinct().Select(column => $"{alias}.{column}"));

    private string Where(int percent, params (QueryTable Table, string Alias)[] scopes)
    {
        if (!Maybe(percent))
        {
            return "";
        }

        var text = " WHERE ";
        for (var more = Pick([1, 1, 2, 3]); more > 0; more--)
        {
            var (table, alias) = Pick(scopes);
            text += $"{(Maybe(12) ? "NOT " : "")}{Predicate(table, alias)}{(more == 1 ? "" : Maybe(25) ? " OR " : " AND ")}";
        }

        return text;
    }

    private string Predicate(QueryTable table, string alias)
    {
        // What leaves a few rows is what makes a difference.
        if (Maybe(40))
        {
            var chosen = Maybe(70) ? table.Key[0] : table.Text;
            return $"{Name(alias, chosen)} IN ({Value(table, chosen)}, {Value(table, chosen)})";
        }

        var column = Pick(table.Columns);
        var name = Name(alias, column);
        if (table.Times.Contains(column))
        {
            var (from, to) = (Value(table, column), Value(table, column));
            return Pick([
                $"{name} >= {from}", $"{name} < {to}", $"{name} BETWEEN {from} AND {to}", $"{name} IS NULL",
                $"{name} > now() - INTERVAL {_random.Next(1, 400)} DAY", $"date_trunc('month', {name}) = date_trunc('month', {from})"]);
        }

        var (one, other) = (Value(table, column), Value(table, column));
        return Pick([
            $"{name} = {one}", $"{name} = {one}", $"{name} IN ({one}, {other})", $"({name} = {one} OR {name} = {other})", $"{name} <> {one}",
            $"{name} > {one}", $"{name} BETWEEN {one} AND {other}", $"{name} IS NOT NULL", $"{name} IS NULL",
            $"coalesce({name}, {other}) = {one}", $"coalesce({name}, {other}) IN ({one}, {other})",
            $"CAST({name} AS VARCHAR) = CAST({one} AS VARCHAR)", $"CAST({name} AS VARCHAR) LIKE '%{_random.Next(0, 9)}%'",
            $"({name} = {one} AND {Simple(table, alias)} OR {name} = {other})",
            $"{name} IN (SELECT {column} FROM {table.Name} z WHERE {Simple(table, "z")})"]);
    }

    // The arrow binds less than AND and OR do.
    private static string Name(string alias, string column) =>
        column.Contains("->>", StringComparison.Ordinal) ? $"({alias}.{column})" : $"{alias}.{column}";

    private string Simple(QueryTable table, string alias)
    {
        var column = Pick(table.Columns.Except(table.Times).ToList());
        return $"{Name(alias, column)} {Pick(["=", ">=", "<>"])} {Value(table, column)}";
    }

    // Values that are there, and now and then one that is not.
    private string Value(QueryTable table, string column)
    {
        var known = table.Values.GetValueOrDefault(column) ?? [];
        return known.Count > 0 && !Maybe(5) ? Pick(known)
            : table.Times.Contains(column) ? "TIMESTAMPTZ '2026-01-01 00:00:00+00'"
            : table.Numbers.Contains(column) ? _random.Next(1000, 2000).ToString(CultureInfo.InvariantCulture)
            : "'nobody'";
    }
}
