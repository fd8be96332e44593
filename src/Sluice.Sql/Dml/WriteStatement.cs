using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Sql.Planning;
using Sluice.Sql.Procedures;
using Sluice.Sql.Tables;
using Sluice.Sql.Text;
using Sluice.Writes.Operations;
using Sluice.Writes.Statements;

namespace Sluice.Sql.Dml;

/// <summary>A statement that changes something: what it changes, by which verb, and what it wants to see of it.</summary>
internal sealed class WriteStatement
{
    internal static readonly string[] NoAlias =
        ["SET", "USING", "WHERE", "RETURNING", "VALUES", "SELECT", "DEFAULT", "WITH", "FROM", "BY", "TABLE", "DESCRIBE"];

    private static readonly string[] Sources = ["FROM", "JOIN", "USING"];

    private readonly IReadOnlyList<SqlToken> _tokens;
    private readonly IReadOnlyList<int> _outer;
    private IReadOnlyList<Assignment> _assignments = [];
    private IReadOnlyList<string> _key = [];

    private WriteStatement(SqlStatement statement)
    {
        Statement = statement;
        _tokens = SqlTokenizer.Read(statement.Text);
        _outer = Outer(_tokens);
    }

    /// <summary>The statement under the table's own name, as DuckDB plans it.</summary>
    public SqlStatement Statement { get; private set; }

    /// <summary>insert, update, delete, merge or call.</summary>
    public string Verb { get; private init; } = "";

    /// <summary>What can be written of the table; null for a procedure.</summary>
    public TableWrites? Table { get; private set; }

    /// <summary>The procedure; null for a table.</summary>
    public Procedure? Procedure { get; private set; }

    /// <summary>The name of the table or procedure.</summary>
    public string Target => Table?.Table ?? Procedure!.Name;

    /// <summary>The columns that the statement names to set them.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>The columns whose new values it computes from what the table shows of them.</summary>
    public IReadOnlySet<string> Computed { get; private set; } = new HashSet<string>();

    /// <summary>Whether it changes rows without a condition that chooses them.</summary>
    public bool IsOfAllRows { get; private set; }

    /// <summary>Whether its calls go to the Track API.</summary>
    public bool IsQueued => Procedure?.IsTrack ?? Table!.Calls.Any(call => call.Value.IsTrack);

    /// <summary>What stands behind RETURNING, or null.</summary>
    public string? Returning { get; private set; }

    /// <summary>The name under which RETURNING knows the table.</summary>
    public string Alias { get; private set; } = "";

    /// <summary>The statement without RETURNING.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Reads it.</summary>
    /// <exception cref="SluiceException">There is nothing that does this (kind Config).</exception>
    public static WriteStatement Read(SqlStatement statement, LiveTables tables)
    {
        var write = new WriteStatement(statement) { Verb = statement.WriteVerb!.ToLowerInvariant() };
        if (write.Verb == "call")
        {
            write.ReadCall();
        }
        else
        {
            write.ReadTarget(tables);
        }

        return write;
    }

    /// <summary>The statements that make what planning needs beside the tables: a procedure, columns that can only be written; else null.</summary>
    public static string? OpeningOf(SqlStatement statement, LiveTables tables)
    {
        if (statement.WriteVerb is null)
        {
            return ProcedureMacros.TableFor(statement);
        }

        var write = Read(statement, tables);
        var columns = write.Table?.Fields.Where(field => field.IsWriteOnly)
            .Select(field =>
                $"ALTER TABLE {DuckDBIdentifier.Quote(write.Target)} ADD COLUMN {DuckDBIdentifier.Quote(field.Name)} {TypeOf(field)}") ?? [];
        var all = columns.Append(write.Procedure is { } procedure ? ProcedureMacros.Of(procedure) : null).OfType<string>().ToList();
        return all.Count > 0 ? string.Join(';', all) : null;
    }

    /// <summary>
    /// What must be read: the key, so that rows are not only counted, what is set, to see what of it changes, and of collections all rows, for they
    /// are written as a whole.
    /// </summary>
    /// <param name="plan">What the statement reads.</param>
    /// <param name="attributes">The attributes that it names, of which MERGE can set any.</param>
    public QueryPlan Needs(QueryPlan plan, IReadOnlyList<string> attributes)
    {
        foreach (var scan in plan.Scans.Where(scan => scan.Source.IsLive && scan.Table == Table?.Table))
        {
            scan.Used.UnionWith([.. _key, .. Columns, .. Verb == "merge" ? attributes : []]);
        }

        return Table?.Form == WriteShape.Rows && Verb is "insert" or "merge"
            ? plan with { Scans = [.. plan.Scans, new PlanScan(new TablePlace(TablePlace.Live, "main", Target), plan.Scans.Count)] }
            : plan;
    }

    private static string TypeOf(WriteField field) => field.IsJson ? "JSON" : "VARCHAR";

    // Only what stands in no bracket, and in no CASE, belongs to the statement itself.
    internal static List<int> Outer(IReadOnlyList<SqlToken> tokens)
    {
        var (depth, outer) = (0, new List<int>());
        foreach (var (place, token) in tokens.Index())
        {
            depth -= token.IsSign(')') || token.IsSign(']') || token.IsSign('}') || token.Is("END") ? 1 : 0;
            if (depth == 0)
            {
                outer.Add(place);
            }

            depth += token.IsSign('(') || token.IsSign('[') || token.IsSign('{') || token.Is("CASE") ? 1 : 0;
        }

        return outer;
    }

    private void ReadCall()
    {
        var name = _tokens.Count > 1 ? Name(_tokens[1]) : "";
        Procedure = ProcedureCatalog.Find(name) ?? throw new SluiceException(
            SluiceErrorKind.Config,
            $"There is no procedure {name}.",
            Suggestion.For(name, [.. ProcedureCatalog.All.Select(one => one.Name)])
                ?? "SELECT DISTINCT procedure_name, description FROM sluice_procedures lists them.");
        var edits = new List<(SqlToken Token, string Text)> { (_tokens[0], "CALL"), (_tokens[1], Procedure.Name) };

        // To, From and Timestamp are words of SQL, and only in quotes they are names.
        edits.AddRange(_tokens.SkipLast(1).Index()
            .Where(one => Procedure.Fields.Any(field => one.Item.Is(field.Name)) && IsNamed(_tokens[one.Index + 1]))
            .Select(one => (one.Item, $"\"{one.Item.Value}\"")));
        var text = Edit(Statement.Text, edits);
        Text = _tokens.Count == 2 ? $"{text}()" : text;
        Statement = Statement.With(Text);
    }

    private static bool IsNamed(SqlToken next) => next.IsSign(':') || next.IsSign('=');

    private void ReadTarget(LiveTables tables)
    {
        var at = TargetPlace();
        var last = at;
        while (last + 2 < _tokens.Count && _tokens[last + 1].IsSign('.'))
        {
            last += 2;
        }

        var (named, name) = (Name(_tokens[last]), Statement.Text[_tokens[at].Start.._tokens[last].End]);
        var table = tables.Find(named) ?? tables.All.FirstOrDefault(one => one.Aliases.Contains(named, StringComparer.OrdinalIgnoreCase));
        if (table is null || (last > at && !name.StartsWith("main.", StringComparison.OrdinalIgnoreCase)))
        {
            throw NoTable(name, tables);
        }

        (Table, _key) = (TableWritesCatalog.Find(table.Name) ?? throw Unchangeable(table.Name), table.Resource.PrimaryKey);
        RequireVerb();
        Alias = AliasBehind(last) ?? (table.Aliases.Contains(named, StringComparer.OrdinalIgnoreCase) ? named : table.Name);
        _assignments = Verb is "update" or "merge" ? Assignment.Of(_tokens, _outer, last) : [];
        Computed = ComputedBehind(last, table);
        Columns = ColumnsBehind(last);
        if (Columns.FirstOrDefault(column => table.Has(column) && !Table.Fields.Any(field => field.Name == column && field.On.Contains(Verb)))
            is { } wrong)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"{CallPlan.Refuse(Table, wrong, Verb)}.", $"Nothing was sent. 'sluice tables {table.Name}' says more.");
        }

        IsOfAllRows = Verb is "update" or "delete" && !_outer.Any(place => place > last && _tokens[place].Is("WHERE"));
        Split(at, last, table.Name);
    }

    private int TargetPlace()
    {
        var before = Verb switch { "update" => "UPDATE", "delete" => "FROM", _ => "INTO" };
        var place = _outer.FirstOrDefault(place => _tokens[place].Is(before), -1);
        return place >= 0 && place + 1 < _tokens.Count ? place + 1 : throw new SluiceException(
            SluiceErrorKind.Config,
            $"{Verb.ToUpperInvariant()} names no table.",
            "For example: UPDATE snippets SET value = 'Hello' WHERE name = 'greeting'");
    }

    private void RequireVerb()
    {
        if (Verb != "merge" && Table!.Find(Verb) is null)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"Customer.io has no call that does {Verb.ToUpperInvariant()} on {Table.Table}: nothing was sent.",
                $"What it has is {string.Join(", ", Table.Calls.Select(call => call.Key.ToUpperInvariant()))}.");
        }

        if (_outer.Index().Any(one => _tokens[one.Item].Is("ON") && one.Item + 1 < _tokens.Count && _tokens[one.Item + 1].Is("CONFLICT")))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                "INSERT … ON CONFLICT needs a key that Customer.io does not keep for us: nothing was sent.",
                "MERGE INTO updates rows that are there and inserts others.");
        }
    }

    private string? AliasBehind(int last)
    {
        var next = last + 1 < _tokens.Count ? _tokens[last + 1] : null;
        if (next?.Is("AS") == true && last + 2 < _tokens.Count)
        {
            return Name(_tokens[last + 2]);
        }

        return next is { Kind: SqlTokenKind.Word or SqlTokenKind.QuotedName } && !NoAlias.Any(next.Is) ? Name(next) : null;
    }

    private IReadOnlyList<string> ColumnsBehind(int last) => Verb switch
    {
        "insert" => Listed(last + (AliasBehind(last) is null ? 0 : _tokens[last + 1].Is("AS") ? 2 : 1)),
        "update" => [.. _assignments.Select(one => Name(_tokens[one.Name]))],
        _ => [],
    };

    private IReadOnlyList<string> Listed(int last) =>
        last + 2 < _tokens.Count && _tokens[last + 1].IsSign('(') && !NoAlias.Any(_tokens[last + 2].Is)
        ? [.. _tokens.Skip(last + 2).TakeWhile(token => !token.IsSign(')')).Where(token => !token.IsSign(',')).Select(Name)]
        : [];

    // A column is computed from itself where an expression has its name; where the table is read once more, anything may.
    private HashSet<string> ComputedBehind(int last, LiveTable table)
    {
        var condition = _outer.FirstOrDefault(place => place > last && Verb == "update" && _tokens[place].Is("WHERE"), _tokens.Count);
        var places = Enumerable.Range(last + 1, condition - last - 1).Where(place => _assignments.All(one => one.Name != place)).ToList();
        var isReadAgain = places.Any(place => IsTable(_tokens[place]) && Sources.Any(_tokens[place - 1].Is));
        return [.. _assignments.Select(one => Name(_tokens[one.Name])).Where(column => places.Any(place =>
            IsName(_tokens[place], column) && (isReadAgain || (_assignments.Any(one => one.First <= place && place <= one.Last) && IsOwn(place)))))];

        bool IsOwn(int place) => !_tokens[place - 1].IsSign('.') || IsTable(_tokens[place - 2]) || IsName(_tokens[place - 2], Alias);
        bool IsTable(SqlToken token) => table.Aliases.Prepend(table.Name).Any(name => IsName(token, name));
    }

    private static bool IsName(SqlToken token, string name) =>
        token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName && Name(token).Equals(name, StringComparison.OrdinalIgnoreCase);

    private void Split(int at, int last, string table)
    {
        var text = Statement.Text;
        var returning = _outer.LastOrDefault(place => place > last && _tokens[place].Is("RETURNING"), -1);
        var end = returning < 0 ? text.Length : _tokens[returning].Start;
        Returning = returning < 0 ? null : text[_tokens[returning].End..];
        var target = $"\"{table}\"";
        var named = text[.._tokens[at].Start] + target + (Alias != table && AliasBehind(last) is null && Verb != "insert" ? $" AS \"{Alias}\"" : "");
        Text = named + text[_tokens[last].End..end];
        Statement = Statement.With(named + text[_tokens[last].End..]);
    }

    private static string Edit(string text, IEnumerable<(SqlToken Token, string Text)> edits)
    {
        foreach (var (token, with) in edits.OrderByDescending(edit => edit.Token.Start))
        {
            text = string.Concat(text.AsSpan(0, token.Start), with, text.AsSpan(token.End));
        }

        return text;
    }

    internal static string Name(SqlToken token) =>
        token.Kind == SqlTokenKind.QuotedName ? token.Value.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal) : token.Value;

    private static SluiceException NoTable(string name, LiveTables tables) => new(
        SluiceErrorKind.Config,
        $"{name} is no table of Customer.io: nothing was sent.",
        Suggestion.For(name, [.. tables.All.Select(one => one.Name)]) ?? $"{Changeable} Attached files are only read.");

    private static SluiceException Unchangeable(string table) => new(
        SluiceErrorKind.Config, $"Customer.io has no call that changes {table}: nothing was sent.", Changeable);

    private static string Changeable => $"What can be changed is {string.Join(", ", TableWritesCatalog.All.Select(one => one.Table))}.";
}
