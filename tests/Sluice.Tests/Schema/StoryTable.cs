using System.Text.Json;

namespace Sluice.Tests.Schema;

/// <summary>What stands in the destination, values as text: times in microseconds since 1970.</summary>
internal sealed class StoryTable
{
    private readonly Dictionary<string, string> _mapping;
    private readonly List<string?[]> _rejects;

    private StoryTable(
        Dictionary<string, string> types,
        Dictionary<string, string> mapping,
        Dictionary<string, Dictionary<string, string?>> rows,
        List<string?[]> rejects)
    {
        (Types, _mapping, Rows, _rejects) = (types, mapping, rows, rejects);
    }

    public IReadOnlyDictionary<string, string> Types { get; }

    public IReadOnlyDictionary<string, Dictionary<string, string?>> Rows { get; }

    /// <summary>The fields that have a column of their own, those of the catalog too.</summary>
    public IEnumerable<string> Fields =>
        [
            .. _mapping.Where(pair => Types.ContainsKey(pair.Value)).Select(pair => pair.Key),
            .. AnyRecordTests.Things.Columns.Select(column => column.Name).Except(["id"]),
        ];

    public static StoryTable Read(LoadBench bench, string schema)
    {
        var types = bench
            .Query(
                $"SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = '{schema}' AND table_name = 'things' ORDER BY column_index")
            .ToDictionary(row => row[0]!, row => row[1]!, StringComparer.Ordinal);
        var columns = types.Select(column =>
            column.Value == "TIMESTAMP WITH TIME ZONE" ? $"CAST(epoch_us({Quoted(column.Key)}) AS VARCHAR)" : $"CAST({Quoted(column.Key)} AS VARCHAR)"
        );
        var rows = bench
            .Query($"SELECT {string.Join(", ", columns)} FROM {schema}.things")
            .Select(row => types.Keys.Zip(row).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal));
        var mapping = bench.Query($"SELECT field, column_name FROM {schema}._sluice_columns WHERE table_name = 'things' AND field IS NOT NULL");
        return new StoryTable(
            types,
            mapping.ToDictionary(row => Field(row[0]!), row => row[1]!, StringComparer.Ordinal),
            rows.ToDictionary(row => row["id"]!, StringComparer.Ordinal),
            bench.Query($"SELECT record_key->>'id', column_name, raw_value, load_id FROM {schema}._sluice_rejects"));
    }

    public static bool IsOfCatalog(string field) => AnyRecordTests.Things.Columns.Any(column => column.Name == field);

    public string? ColumnOf(string field) =>
        IsOfCatalog(field) ? field : _mapping.GetValueOrDefault(field) is { } column && Types.ContainsKey(column) ? column : null;

    public bool IsRejected(string id, string? column, string field, string raw, JsonElement sent)
    {
        var text = sent.ValueKind == JsonValueKind.String && !ExactJson.HasHalfPairs(sent) ? sent.GetString() : raw;
        return _rejects.Exists(reject =>
            reject[0] == id
            && (
                (reject[1] == column && reject[2] == text)
                || (
                    reject[1] == "_extra"
                    && ExactJson.Parse(reject[2]!).EnumerateObject().Single().Name == field
                    && reject[2]!.EndsWith($":{raw}}}", StringComparison.Ordinal))));
    }

    /// <summary>What is never right, whatever was loaded.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var twice in _rejects.GroupBy(reject => string.Join('|', reject), StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return $"rejected {twice.Count()} times: {twice.Key}";
        }

        foreach (var shared in _mapping.GroupBy(pair => pair.Value, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"{shared.Key} is the column of {string.Join(" and ", shared.Select(pair => pair.Key))}";
        }

        if (
            Types.Keys.FirstOrDefault(name =>
                name.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase)
                && name is not ("_sluice_loaded_at" or "_sluice_run_id" or "_sluice_deleted_at")
            ) is
            { } odd)
        {
            yield return $"a column is called {odd}";
        }
    }

    // The book writes a field with U+0000 as JSON, because few databases have that letter in a text.
    private static string Field(string written) =>
        written.StartsWith("json:", StringComparison.Ordinal) ? JsonSerializer.Deserialize<string>(written["json:".Length..])! : written;

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
