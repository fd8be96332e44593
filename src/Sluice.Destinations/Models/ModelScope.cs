using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Models;

/// <summary>
/// What the expressions of a model refer to. A reference to what is not there is noted, so that the column that made it is left out instead of
/// being an error of the database.
/// </summary>
internal sealed class ModelScope(ModelSql sql, Func<string, ModelRelation?> find)
{
    /// <summary>The column that tells workspaces apart where several stand in one table.</summary>
    public const string Workspace = "workspace";

    private const string Copy = "copy_number";
    private const string LoadedAt = "_sluice_loaded_at";

    private readonly Dictionary<string, ModelRelation> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _same = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _absent = new(StringComparer.Ordinal);
    private readonly List<string> _lacks = [];

    public ModelSql Sql => sql;

    /// <summary>The alias whose columns that the catalog does not know are wanted, too; empty for none.</summary>
    public string PassedOn { get; init; } = "";

    /// <summary>Whether a table or model is there.</summary>
    public bool Has(string relation) => find(relation) is not null;

    /// <summary>The relation of that name.</summary>
    public ModelRelation Find(string relation) => find(relation) ?? throw new InvalidOperationException($"There is no {relation}.");

    /// <summary>A column as <c>alias.column</c>.</summary>
    public string this[string path]
    {
        get
        {
            var (alias, column) = Split(path);
            if (_aliases.TryGetValue(alias, out var relation) && relation.Columns.ContainsKey(column))
            {
                return $"{alias}.{sql.Quote(column)}";
            }

            _lacks.Add(Lack(alias, column));
            return "NULL";
        }
    }

    /// <summary>Whether the alias has the column.</summary>
    public bool Knows(string path)
    {
        var (alias, column) = Split(path);
        return _aliases.TryGetValue(alias, out var relation) && relation.Columns.ContainsKey(column);
    }

    /// <summary>Takes a relation by an alias, for what follows FROM or JOIN.</summary>
    public string Take(string alias, string relation)
    {
        _aliases[alias] = Find(relation);
        return $"{_aliases[alias].From} {alias}";
    }

    /// <summary>The same with each row once, in its newest version: a table that rows were appended to has several.</summary>
    public string TakeOnce(string alias, string relation)
    {
        var found = _aliases[alias] = Find(relation);
        var key = found.Key.Count > 0 && found.Key.All(found.Columns.ContainsKey) ? KeyOf(found) : "";
        if (key.Length == 0)
        {
            return $"{found.From} {alias}";
        }

        // By their names: a view must not depend on a column that it does not have.
        var more = alias == _same.GetValueOrDefault(PassedOn, PassedOn) ? [] : found.More;
        var columns = string.Join(", ", found.Columns.Keys.Except(more, StringComparer.OrdinalIgnoreCase).Select(sql.Quote));
        var newest = found.Columns.ContainsKey(LoadedAt) ? sql.Quote(LoadedAt) + " DESC" : key;
        return $"(SELECT {columns} FROM (SELECT {columns}, row_number() OVER (PARTITION BY {key} ORDER BY {newest}) AS {Copy} FROM {found.From} t) o"
            + $" WHERE {Copy} = 1) {alias}";
    }

    /// <summary>Lets another alias mean the columns of one that is taken, under its own name.</summary>
    public void Alias(string other, string alias) => _same[other] = alias;

    /// <summary>Takes a query by an alias.</summary>
    /// <param name="alias">The alias.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="query">The query.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="unfit">Why columns can't be used that its tables have.</param>
    /// <param name="absent">What to say where a column is lacking.</param>
    public string TakeQuery(
        string alias,
        string what,
        string query,
        IEnumerable<string> columns,
        IEnumerable<KeyValuePair<string, string>>? unfit = null,
        IReadOnlyDictionary<string, string>? absent = null)
    {
        var types = columns.ToDictionary(column => column, _ => ColumnType.Text, StringComparer.OrdinalIgnoreCase);
        _aliases[alias] = new ModelRelation(what, "", types)
        {
            Unfit = (unfit ?? []).DistinctBy(column => column.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(StringComparer.OrdinalIgnoreCase),
            Absent = absent ?? new Dictionary<string, string>(StringComparer.Ordinal),
        };
        return $"(\n{query}\n) {alias}";
    }

    /// <summary>Whether the alias has a column of times by that name.</summary>
    public bool IsTime(string path) =>
        Knows(path) && _aliases[Split(path).Alias].Columns[Split(path).Column] is ColumnType.Timestamp or ColumnType.UnixTime;

    /// <summary>Joins a relation if it is there, each row at most once, by a column that both sides have; nothing otherwise.</summary>
    public string JoinIf(string relation, string left, string right)
    {
        var (alias, column) = Split(right);
        if (find(relation) is not { } found || !found.Columns.ContainsKey(column) || !Knows(left))
        {
            _aliases.Remove(alias);
            _absent[alias] = find(relation) is null ? $"{relation} is not there"
                : Knows(left) ? $"{relation} has no column {column}"
                : Lack(Split(left).Alias, Split(left).Column);
            return "";
        }

        var joined = found.Key is [var only] && only == column ? TakeOnce(alias, relation) : Take(alias, relation);
        return $"\nLEFT JOIN {joined} ON {this[left]} = {this[right]}{SameWorkspace(Split(left).Alias, alias)}";
    }

    /// <summary>The condition that two aliases are of the same workspace, where they tell.</summary>
    public string SameWorkspace(string one, string other) =>
        Knows($"{one}.{Workspace}") && Knows($"{other}.{Workspace}")
            ? $" AND {this[$"{one}.{Workspace}"]} = {this[$"{other}.{Workspace}"]}"
            : "";

    /// <summary>The condition that leaves out what Customer.io no longer has; nothing where rows aren't marked.</summary>
    public string OnlyThere(string alias) =>
        Knows($"{alias}.{SystemColumns.DeletedAt}") ? $"\nWHERE {this[$"{alias}.{SystemColumns.DeletedAt}"]} IS NULL" : "";

    /// <summary>The first of some columns that is not NULL, of those that are there.</summary>
    public string FirstOf(params IReadOnlyList<string> paths)
    {
        var there = paths.Where(Knows).Select(path => this[path]).ToList();
        return there.Count switch
        {
            0 => this[paths[0]],
            1 => there[0],
            _ => $"coalesce({string.Join(", ", there)})",
        };
    }

    /// <summary>The columns of an alias that the catalog does not know.</summary>
    public IReadOnlyList<string> MoreOf(string alias) =>
        _aliases.TryGetValue(_same.GetValueOrDefault(alias, alias), out var relation) ? relation.More : [];

    /// <summary>What is lacking since the last call.</summary>
    public IReadOnlyList<string> TakeLacks()
    {
        List<string> lacks = [.. _lacks.Distinct(StringComparer.Ordinal)];
        _lacks.Clear();
        return lacks;
    }

    /// <summary>Notes something that is lacking.</summary>
    public string Lacking(string what)
    {
        _lacks.Add(what);
        return "NULL";
    }

    private string KeyOf(ModelRelation found) =>
        string.Join(
            ", ",
            found.Key.Prepend(Workspace).Where(found.Columns.ContainsKey).Distinct(StringComparer.OrdinalIgnoreCase).Select(sql.Quote));

    private string Lack(string alias, string column) =>
        !_aliases.TryGetValue(alias, out var relation) ? _absent.GetValueOrDefault(alias, $"{alias} is not there")
        : relation.Absent.TryGetValue(column, out var phrase) ? phrase
        : relation.Unfit.TryGetValue(column, out var type) ? $"{relation.Name}.{column} is {type}"
        : $"{relation.Name} has no column {column}";

    private (string Alias, string Column) Split(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return (_same.GetValueOrDefault(path[..dot], path[..dot]), path[(dot + 1)..]);
    }
}
