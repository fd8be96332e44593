using System.Text.Json;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Ddl;

/// <summary>A lake that the tool has written, and the statements that it prints for it.</summary>
internal sealed class WrittenLake(Tool tool, string schema, string location)
{
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    /// <summary>The folder that has the lake, or a copy of it.</summary>
    public string Folder { get; } = tool.PathOf("lake");

    /// <summary>Writes a lake into a folder of this machine; ClickHouse reads it there.</summary>
    public static async Task<WrittenLake> InFolderAsync(Tool tool, string schema, string tables, params string[] options)
    {
        var lake = new WrittenLake(tool, schema, "s3://lake");
        lake._places["s3('https://lake.s3.REGION.amazonaws.com/"] = $"file('{lake.Folder}/";
        lake._places["'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', "] = "";
        await lake.IngestAsync("parquet:///lake?file_rows=100", tables, options);
        return lake;
    }

    /// <summary>Writes a lake into a bucket, where ClickHouse reads it, and copies it to this machine.</summary>
    public static async Task<WrittenLake> InBucketAsync(S3Server server, Tool tool, string schema, string tables, params string[] options)
    {
        var bucket = await server.NewBucketAsync();
        var lake = new WrittenLake(tool, schema, $"s3://{bucket.Name}/my%20lake/crm/");
        lake._places[$"https://{bucket.Name}.s3.REGION.amazonaws.com/"] = $"{server.Endpoint}/{bucket.Name}/";
        lake._places["'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'"] = $"'{S3Server.Key}', '{S3Server.Secret}'";
        (tool.Environment["AWS_ACCESS_KEY_ID"], tool.Environment["AWS_SECRET_ACCESS_KEY"]) = (S3Server.Key, S3Server.Secret);
        await lake.IngestAsync(
            $"s3://{bucket.Name}/my%20lake/crm?endpoint={server.Endpoint}&region={S3Server.Region}&file_rows=100",
            tables,
            options);
        const string Prefix = "my lake/crm/";
        foreach (var key in await bucket.ListAsync(Prefix))
        {
            var file = Path.Combine(lake.Folder, key[Prefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, await bucket.GetAsync(key), Tool.Cancel);
        }

        return lake;
    }

    /// <summary>The folder of a table.</summary>
    public string PathOf(string table) => Path.Combine(Folder, schema.Replace(" ", "%20", StringComparison.Ordinal), table);

    /// <summary>The file that says what a table is.</summary>
    public string ManifestOf(string table) => Path.Combine(PathOf(table), "_manifest.json");

    /// <summary>The columns of a table's files with their types, as the manifest has them.</summary>
    public IReadOnlyList<(string Name, string Type)> Columns(string table)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(ManifestOf(table)));
        return
        [
            .. manifest
                .RootElement.GetProperty("columns")
                .EnumerateArray()
                .Select(column => (column.GetProperty("name").GetString()!, column.GetProperty("type").GetString()!)),
        ];
    }

    /// <summary>The files that a table consists of.</summary>
    public IReadOnlyList<string> Files(string table)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(ManifestOf(table)));
        return
        [
            .. manifest
                .RootElement.GetProperty("files")
                .EnumerateArray()
                .Select(file => Path.Combine(PathOf(table), file.GetProperty("path").GetString()!)),
        ];
    }

    /// <summary>The printed statements for ClickHouse, with what is to be filled in filled in.</summary>
    public async Task<IReadOnlyList<string>> StatementsAsync(params string[] arguments)
    {
        var run = (await tool.RunAsync(["ddl", "clickhouse", "--location", location, "--dest-schema", schema, .. arguments])).Ended(ExitCode.Done);
        var script = _places.Aggregate(run.Out, (text, place) => text.Replace(place.Key, place.Value, StringComparison.Ordinal));
        var sql = string.Join('\n', script.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)));
        return sql.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task IngestAsync(string uri, string tables, string[] options) =>
        (await tool.RunAsync(["ingest", "--source-table", tables, "--dest-uri", uri, "--dest-schema", schema, .. options])).Ended(ExitCode.Done);
}
