using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>A folder of files, loads into it, and DuckDB as the reader that knows nothing of manifests.</summary>
internal sealed class FolderBench(string scheme, string options = "") : IAsyncDisposable
{
    private readonly FilePlace _place = new(scheme, "out", options);

    public LoadHarness Desk => field ??= new LoadHarness(_place);

    public string Root => _place.Path;

    public string Table => Path.Combine(Root, Schema, "things");

    public static Resource Things { get; } = Table(Is("name", ColumnType.Text), Is("at", ColumnType.UnixTime));

    public Task<TableReport> LoadAsync(Strategy strategy, params IReadOnlyList<string> records) =>
        Desk.LoadAsync(Job(Things, strategy), LoadScenario.Plain, records);

    public Task<TableReport> LoadAsync(TableJob job, params IReadOnlyList<string> records) => Desk.LoadAsync(job, LoadScenario.Plain, records);

    /// <summary>The table's files with their sizes and when they were written, without the manifest.</summary>
    public IReadOnlyList<string> Files() =>
    [
        .. Directory.EnumerateFiles(Table, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("_manifest.json", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Table, file)).Order(StringComparer.Ordinal),
    ];

    public string Text() => File.ReadAllText(Path.Combine(Table, Files().Single()));

    public static List<object?[]> Query(string sql)
    {
        using var connection = new DuckDBConnection(DuckDBConnectionStringBuilder.InMemoryConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SET TimeZone = 'UTC'; {sql}";
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => ValueOf(reader, column))]);
        }

        return rows;
    }

    private static object? ValueOf(DuckDBDataReader reader, int column) =>
        reader.IsDBNull(column) ? null
        : reader.GetFieldType(column) == typeof(DateTime) ? reader.GetFieldValue<DateTimeOffset>(column)
        : reader.GetValue(column);

    public static string Line(params object?[] values) =>
        string.Join('|', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));

    public ValueTask DisposeAsync() => _place.DisposeAsync();
}
