using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.Tests.Dbt;

/// <summary>
/// A package as dbt compiles it, by the little of dbt that packages of Sluice use: a template that is none of these few is an error.
/// </summary>
/// <param name="folder">The package's folder.</param>
/// <param name="schema">Where dbt would make its views and tables.</param>
/// <param name="quote">What the database puts around names.</param>
internal sealed partial class DbtProject(string folder, string schema = "made_by_dbt", char quote = '"')
{
    private const string Database = "var('customerio_database', target.database)";

    private readonly JsonNode _source = YamlJson.Read(Read(folder, "models/staging/_customerio__sources.yml"))!["sources"]![0]!;
    private readonly JsonNode _vars = YamlJson.Read(Read(folder, "dbt_project.yml"))!["vars"]!;

    /// <summary>The schema, quoted.</summary>
    public string Schema => Quote(schema);

    /// <summary>The tables of the source.</summary>
    public IReadOnlyList<JsonNode> Tables => [.. _source["tables"]!.AsArray().OfType<JsonNode>()];

    /// <summary>The models that files of properties tell of.</summary>
    public IReadOnlyList<JsonNode> Described =>
        [.. new[] { "staging/_customerio__staging.yml", "marts/_customerio__marts.yml" }
            .SelectMany(file => YamlJson.Read(Read(folder, $"models/{file}"))!["models"]!.AsArray()).OfType<JsonNode>()];

    /// <summary>The names of the marts.</summary>
    public IReadOnlyList<string> Marts => [.. Files("models/marts")];

    /// <summary>The compiled models, each after those that it is made from.</summary>
    public IReadOnlyList<(string Name, string Sql)> Models()
    {
        var texts = new[] { "models/staging", "models/marts" }
            .SelectMany(below => Files(below).Select(name => (Name: name, Text: Read(folder, $"{below}/{name}.sql"))))
            .ToDictionary(model => model.Name, model => model.Text, StringComparer.Ordinal);
        var sorted = new List<(string, string)>();
        while (sorted.Count < texts.Count)
        {
            var ready = texts.Where(model => sorted.TrueForAll(one => one.Item1 != model.Key)
                && References().Matches(model.Value).All(reference => sorted.Exists(one => one.Item1 == reference.Groups[1].Value))).ToList();
            sorted.AddRange(
                ready.Count > 0
                    ? ready.Select(model => (model.Key, Compile(model.Value)))
                    : throw new InvalidOperationException("Models need each other, or one that is not there."));
        }

        return sorted;
    }

    /// <summary>Makes all models as views: marts would be tables, whose "now" is another one than that of the views they are compared with.</summary>
    public IEnumerable<string> Statements() => Models().Select(model => $"CREATE VIEW {Schema}.{Quote(model.Name)} AS {model.Sql}");

    /// <summary>The compiled data tests: one that holds gives no row.</summary>
    public IReadOnlyList<(string Name, string Sql)> Tests() =>
        [
            .. Tables.SelectMany(table => TestsOf(table, $"source('customerio', '{table["name"]}')")),
            .. Described.SelectMany(model => TestsOf(model, $"ref('{model["name"]}')")),
        ];

    /// <summary>The compiled queries for the last load of tables, as dbt puts them into its own.</summary>
    public IReadOnlyList<(string Table, string Sql)> Freshness() =>
        [
            .. Tables.Where(table => table["config"]?["loaded_at_query"] is not null).Select(table => (
                table["name"]!.ToString(),
                $"WITH source_query AS (\n{Compile(table["config"]!["loaded_at_query"]!.ToString())}\n) "
                    + "SELECT (SELECT * FROM source_query) AS max_loaded_at")),
        ];

    /// <summary>Replaces templates.</summary>
    public string Compile(string text, IReadOnlyDictionary<string, string>? arguments = null)
    {
        var compiled = Templates().Replace(text, template => Value(template.Groups[1].Value, arguments));
        return compiled.Contains("{{", StringComparison.Ordinal) || compiled.Contains("{%", StringComparison.Ordinal)
            || compiled.Contains("{#", StringComparison.Ordinal)
                ? throw new NotSupportedException($"More than a value: {compiled}")
                : compiled;
    }

    /// <summary>Quotes a name.</summary>
    public string Quote(string name) => $"{quote}{name}{quote}";

    private string Value(string expression, IReadOnlyDictionary<string, string>? arguments) =>
        arguments?.GetValueOrDefault(expression)
        ?? (Source().Match(expression) is { Success: true } source ? RelationOf(source.Groups[1].Value)
            : Reference().Match(expression) is { Success: true } reference ? $"{Schema}.{Quote(ModelNamed(reference.Groups[1].Value))}"
            : Variable().Match(expression) is { Success: true } variable ? _vars[variable.Groups[1].Value]!.ToString()
            : Neighbour().Match(expression) is { Success: true } neighbour ? Place(neighbour.Groups[1].Value)
            : throw new NotSupportedException($"The package uses {expression}."));

    private string RelationOf(string source)
    {
        var table = Tables.Single(one => one["name"]!.ToString() == source);
        return Place((table["identifier"] ?? table["name"])!.ToString());
    }

    // The database is the connection's own unless a variable says otherwise, which none does here.
    private string Place(string table)
    {
        _ = Compile(_source["database"]?.ToString() ?? "", new Dictionary<string, string>(StringComparer.Ordinal) { [Database] = "" });
        return $"{Quote(Compile(_source["schema"]!.ToString()))}.{Quote(table)}";
    }

    private string ModelNamed(string name) => Described.Single(model => model["name"]!.ToString() == name)["name"]!.ToString();

    private IEnumerable<(string Name, string Sql)> TestsOf(JsonNode node, string reference)
    {
        foreach (var test in node["data_tests"]?.AsArray() ?? [])
        {
            yield return Test(test!, node, reference, "");
        }

        foreach (var column in node["columns"]!.AsArray())
        {
            var name = column!["name"]!.ToString();
            foreach (var test in column["data_tests"]?.AsArray() ?? [])
            {
                yield return Test(test!, node, reference, column["quote"]?.GetValue<bool>() == true ? Quote(name) : name);
            }
        }
    }

    // The queries are what dbt's own tests of these names ask.
    private (string Name, string Sql) Test(JsonNode test, JsonNode node, string reference, string column)
    {
        var (kind, settings) = test is JsonObject named ? (named.Single().Key, named.Single().Value!) : (test.ToString(), new JsonObject());
        var arguments = settings["arguments"];
        var model = Value(reference, null);
        var sql = kind switch
        {
            "unique" => $"SELECT {column}, count(*) AS n FROM {model} WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1",
            "not_null" => $"SELECT {column} FROM {model} WHERE {column} IS NULL",
            "relationships" => $"SELECT child.a FROM (SELECT {column} AS a FROM {model} WHERE {column} IS NOT NULL) child LEFT JOIN "
                + $"(SELECT {arguments!["field"]} AS b FROM {Value(arguments["to"]!.ToString(), null)}) parent ON child.a = parent.b "
                + "WHERE parent.b IS NULL",
            _ => Compile(
                OwnTest().Match(Read(folder, $"tests/generic/{kind}.sql")) is { Success: true } own && own.Groups[1].Value == kind
                    ? own.Groups[2].Value
                    : throw new NotSupportedException($"There is no test {kind}."),
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["model"] = model,
                    ["columns | join(', ')"] = string.Join(", ", arguments!["columns"]!.AsArray().Select(one => one!.ToString())),
                }),
        };
        return ($"{kind} {node["name"]}{(column.Length > 0 ? $".{column.Trim(quote)}" : "")}", sql);
    }

    private IEnumerable<string> Files(string below) =>
        Directory.GetFiles(Path.Combine(folder, below), "*.sql").Select(Path.GetFileNameWithoutExtension).OfType<string>()
            .Order(StringComparer.Ordinal);

    private static string Read(string folder, string file) => File.ReadAllText(Path.Combine(folder, file));

    [GeneratedRegex(@"\{\{ (.*?) \}\}", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Templates();

    [GeneratedRegex(@"\{\{ ref\('(\w+)'\) \}\}", RegexOptions.NonBacktracking)]
    private static partial Regex References();

    [GeneratedRegex(@"^source\('customerio', '(\w+)'\)$", RegexOptions.NonBacktracking)]
    private static partial Regex Source();

    [GeneratedRegex(@"^ref\('(\w+)'\)$", RegexOptions.NonBacktracking)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^var\('(\w+)'\)$", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^api\.Relation\.create\(database=this\.database, schema=this\.schema, identifier='(\w+)'\)$", RegexOptions.NonBacktracking)]
    private static partial Regex Neighbour();

    [GeneratedRegex(
        @"^\{#[^#]*#\}\n\{% test (\w+)\(model, columns\) %\}\n(.*)\{% endtest %\}\n$", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex OwnTest();
}
