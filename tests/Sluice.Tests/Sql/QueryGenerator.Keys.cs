namespace Sluice.Tests.Sql;

/// <summary>Queries whose keys are computed, counted, searched for or alternatives.</summary>
internal sealed partial class QueryGenerator
{
    // Only keys are used, so that Customer.io's own numbers will do.
    private string Counted()
    {
        var join = Pick(QueryWorld.Joins.Where(join => join.Child.Name == "segment_memberships" && join.ChildColumn == "segment_id").ToList());
        var (child, parent) = (join.Child, join.Parent);
        return Pick([
            $"SELECT count(*) FROM {child.Name}",
            $"SELECT count(*) AS n FROM {child.Name} WHERE segment_id IN ({Value(child, "segment_id")}, {Value(child, "segment_id")})",
            $"SELECT segment_id, count(*) AS n FROM {child.Name} GROUP BY 1 HAVING count(*) > {_random.Next(0, 20)}",
            $"SELECT p.name, count(*) AS n FROM {parent.Name} p {Pick(JoinTypes[..7])} {child.Name} m ON m.segment_id = p.id"
                + $"{Where(60, (parent, "p"))} GROUP BY 1",
            $"SELECT p.id, (SELECT count(*) FROM {child.Name} m WHERE m.segment_id = p.id) AS n FROM {parent.Name} p{Where(60, (parent, "p"))}",
            $"SELECT count(*) AS n FROM {child.Name} a JOIN {child.Name} b ON a.segment_id = b.segment_id "
                + $"WHERE a.segment_id = {Value(child, "segment_id")}"]);
    }

    // A key that is computed.
    private string ScalarKey()
    {
        var join = Join();
        var source = $"FROM {join.Parent.Name} p{Where(70, (join.Parent, "p"))}";
        var key = $"p.{join.ParentColumn}";
        var order = string.Join(", ", join.Parent.Key.Select(column => $"p.{column}"));
        var scalar = Pick([
            $"(SELECT max({key}) {source})", $"(SELECT min({key}) {source})", $"(SELECT {key} {source} ORDER BY {order} LIMIT 1)",
            $"(SELECT {key} FROM {join.Parent.Name} p WHERE p.{join.Parent.Key[0]} = {Value(join.Parent, join.Parent.Key[0])} "
                + $"ORDER BY {order} LIMIT 1)",
            $"(SELECT max({key}) FROM (SELECT * {source} ORDER BY {order} LIMIT 2) p)",
            $"(SELECT max(z.{join.ChildColumn}) FROM {join.Child.Name} z{Where(80, (join.Child, "z"))})"]);
        var test = Pick(["=", "=", "=", ">=", "IS NOT DISTINCT FROM", "<>"]);
        var rest = Maybe(40) ? $" {(Maybe(30) ? "OR" : "AND")} {Predicate(join.Child, "t")}" : "";
        return Maybe(80)
            ? $"SELECT {Columns(join.Child, "t")} FROM {join.Child.Name} t WHERE t.{join.ChildColumn} {test} {scalar}{rest}"
            : $"SELECT p.{join.ParentColumn} AS k, "
                + $"(SELECT max(c.{join.Child.Key[^1]}) FROM {join.Child.Name} c WHERE c.{join.ChildColumn} = p.{join.ParentColumn}) AS m "
                + $"FROM {join.Parent.Name} p{Where(60, (join.Parent, "p"))}";
    }

    // Conditions on several columns, of which each alone would be a key.
    private string Alternatives()
    {
        var table = Pick(QueryWorld.Tables.Where(one => one.Columns.Count > 3).ToList());
        var parts = Enumerable.Range(0, _random.Next(2, 4)).Select(_ =>
        {
            var column = Pick(table.Columns.Except(table.Times).ToList());
            var test = Pick([$"= {Value(table, column)}", $"IN ({Value(table, column)}, {Value(table, column)})"]);
            return Maybe(30) ? $"({Name("t", column)} {test} AND {Predicate(table, "t")})" : $"{Name("t", column)} {test}";
        });
        var rest = Maybe(40) ? $" AND {Predicate(table, "t")}" : "";
        return $"SELECT {Columns(table, "t")} FROM {table.Name} t WHERE ({string.Join(" OR ", parts)}){rest}";
    }

    // What the people search can be asked for, and what it can't.
    private string Searched()
    {
        var people = Pick(QueryWorld.People);
        string Part()
        {
            var column = $"(t.{Pick(people.Columns)})";
            var value = Value(people, column[3..^1]);
            return Pick([
                $"{column} = {value}", $"{column} IS NULL", $"{column} IS NOT NULL", $"{column} <> {value}", $"NOT ({column} = {value})",
                $"{column} IN ({value}, {Value(people, column[3..^1])})", $"{column} NOT IN ({value}, 'x')", $"lower({column}) = lower({value})",
                $"{column} LIKE '%{_random.Next(0, 9)}%'", $"coalesce({column}, 'none') = {value}", $"coalesce({column}, {value}) = {value}",
                $"{column} IS DISTINCT FROM {value}", $"length({column}) > 3", $"NOT ({column} IS NULL)", $"({column} = {value}) IS NOT TRUE",
                $"CASE WHEN {column} IS NULL THEN true ELSE {column} > {value} END"]);
        }

        string Group() => _random.Next(4) switch
        {
            0 => $"({Part()} OR {Part()})",
            1 => $"({Part()} AND {Part()})",
            2 => $"({Part()} OR ({Part()} AND {Part()}))",
            _ => Part(),
        };
        var rest = Maybe(60) ? $"AND {Group()}" : Maybe(50) ? $"OR {Group()}" : "";
        return $"SELECT {Columns(people, "t")} FROM {people.Name} t WHERE {Group()} {rest}";
    }
}
