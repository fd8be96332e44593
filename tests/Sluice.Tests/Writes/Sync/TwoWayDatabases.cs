using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Xunit;

namespace Sluice.Tests.Writes.Sync;

/// <summary>A database that is a file.</summary>
internal sealed class FileDatabase(string folder, bool isDuckDb) : ITwoWayDatabase
{
    private readonly string _path = Path.Combine(folder, isDuckDb ? "crm.duckdb" : "crm.db");

    public string Uri => (isDuckDb ? "duckdb:///" : "sqlite:///") + _path;

    public static Func<string, ITwoWayDatabase> Of(string name) => folder => new FileDatabase(folder, name == "DuckDB");

    public async Task<string> RunAsync(string sql)
    {
        await using DbConnection connection = isDuckDb
            ? await DuckDbSettings.OpenAsync(_path, TestContext.Current.CancellationToken)
            : new SqliteConnection($"Data Source={_path};Pooling=False");
        if (!isDuckDb)
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
        }

        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        do
        {
            lines.Clear();
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                var values = Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue);
                lines.Add(string.Join('|', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))));
            }
        }
        while (await reader.NextResultAsync(TestContext.Current.CancellationToken));

        return string.Join('\n', lines);
    }

    public string Type(JsonForm form) => (form, isDuckDb) switch
    {
        (JsonForm.Number, true) => "DECIMAL(20, 4)",
        (JsonForm.Number, false) => "NUMERIC",
        (JsonForm.Double, true) => "DOUBLE",
        (JsonForm.Double, false) => "REAL",
        (JsonForm.Flag, _) => "BOOLEAN",
        (JsonForm.Time, true) => "TIMESTAMPTZ",
        (JsonForm.Time, false) => "DATETIME",
        (JsonForm.Date, _) => "DATE",
        (JsonForm.Json, _) => "JSON",
        (_, true) => "VARCHAR",
        _ => "TEXT",
    };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
