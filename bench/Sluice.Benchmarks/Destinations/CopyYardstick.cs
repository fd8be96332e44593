using Sluice.Engine.DuckDb;

namespace Sluice.Benchmarks.Destinations;

/// <summary>DuckDB's own COPY … TO a file.</summary>
internal sealed class CopyYardstick(string uri, string database, string folder) : Yardstick(database)
{
    private readonly string _format = uri.StartsWith("csv", StringComparison.Ordinal) ? "csv" : "parquet";
    private int _files;

    public override string Name => $"DuckDB's COPY … TO ({_format})";

    public override Task<Cost> ReplaceAsync()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        var options = _format == "csv" ? "FORMAT csv, HEADER" : "FORMAT parquet, COMPRESSION zstd";
        command.CommandText = $"COPY {Source} TO {DuckDBLiteral.Quote(Path.Combine(folder, $"bare-{++_files}.{_format}"))} ({options})";
        var clock = new CostClock();
        command.ExecuteNonQuery();
        return Task.FromResult(clock.Cost);
    }
}
