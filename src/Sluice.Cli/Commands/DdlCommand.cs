using System.CommandLine;
using Sluice.Destinations.Warehouses;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice ddl</c>: the statements with which a warehouse loads or mounts the lake's tables.</summary>
internal sealed class DdlCommand
{
    // The longest list of files that fits into a statement.
    private const int MostManifestBytes = 16 * 1024 * 1024;

    private readonly Argument<string[]> _tables = new("TABLE")
    {
        Description = "Tables as for --source-table of ingest [default: all, metrics by days]",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _dialect = Flag.Text(
        "--dialect", string.Join('|', WarehouseDialects.Names), "The engine; its name can also stand before the tables");

    private readonly Option<string?> _location = Flag.Text(
        "--location", "ADDRESS", "Where the lake is, as ingest was told: s3://bucket/prefix, gs://bucket/prefix or azblob://container/prefix "
            + "[default: s3://BUCKET/PREFIX, to fill in]");

    private readonly Option<string?> _schema = Flag.Text(
        "--dest-schema", "SCHEMA", "As ingest was given: the lake's schema, and the warehouse's schema, dataset or database "
            + $"[default: {DestinationName.DefaultSchema}]");

    private readonly Option<string?> _manifest = Flag.Text(
        "--manifest", "FILE", "A copy of the table's _manifest.json: exactly its files are loaded, with exactly its columns, "
            + "whatever else is in the folder");

    private readonly Option<bool> _models = Flag.Switch(
        "--models", "Also print the models of these tables: views that answer questions without joins and JSON, in SCHEMA_models");

    private readonly LakeTableOptions _shape = new();

    public DdlCommand() => _schema.Aliases.Add("--schema");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand(
            "ddl",
            "Print the SQL with which a warehouse loads or mounts tables that ingest has written as Parquet",
            """
            For example: sluice ddl --dialect snowflake --location s3://my-lake/customerio messages > messages.sql
            Keys are never printed: what is to be filled in stands in capitals. Nothing is connected to.
            """);
        command.Add(_tables);
        command.Add(_dialect);
        command.Add(_location);
        command.Add(_schema);
        command.Add(_manifest);
        command.Add(_models);
        _shape.AddTo(command);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var (dialect, names) = Dialect(run.Flags.Text(_dialect), run.Flags.Arguments(_tables), mistakes);
        var tables = _shape.Read(run.Flags, names, mistakes);
        var schema = DestinationName.Schema(run.Flags.Text(_schema), mistakes);
        var manifest = await ManifestAsync(run, schema, tables, mistakes);
        var request = new DdlRequest
        {
            Schema = schema,
            Location = LakeAddress.Read(run.Flags.Text(_location), mistakes),
            Tables = manifest is null ? tables : [.. tables.Select(manifest.ApplyTo)],
            Files = manifest?.Files,
            Models = run.Flags.IsOn(_models),
        };
        mistakes.ThrowIfAny();
        await run.Host.Out.WriteAsync(WarehouseDialects.Write(dialect, request));
        return ExitCode.Done;
    }

    private static (string Dialect, IReadOnlyList<string> Tables) Dialect(string? said, IReadOnlyList<string> names, ValidationErrors mistakes)
    {
        if (said is null && names.Count > 0 && WarehouseDialects.IsKnown(names[0]))
        {
            return (names[0], [.. names.Skip(1)]);
        }

        if (said is null || !WarehouseDialects.IsKnown(said))
        {
            var unknown = WarehouseDialects.Unknown(said);
            mistakes.Add(unknown.Message, unknown.Hint);
        }

        return (said ?? "", names);
    }

    private async Task<LakeManifest?> ManifestAsync(CommandRun run, string schema, IReadOnlyList<LakeTable> tables, ValidationErrors mistakes)
    {
        if (run.Flags.Text(_manifest) is not { } path)
        {
            return null;
        }

        _shape.RefuseWithManifest(run.Flags, mistakes);
        if (tables.Count != 1)
        {
            mistakes.Add($"--manifest lists the files of one table, but {tables.Count} are to be written.", "Name the one table.");
            return null;
        }

        var bytes = await ReadAsync(Path.Combine(run.Host.Folder, path), mistakes, run.Cancel);
        return bytes is null ? null : mistakes.Collect<LakeManifest?>(() => LakeManifest.Read(bytes, schema, tables[0].Name), null);
    }

    // Not by its length: a shell's <(…) has none.
    private static async Task<byte[]?> ReadAsync(string path, ValidationErrors mistakes, CancellationToken cancel)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var memory = new MemoryStream();
            var buffer = new byte[81920];
            for (
                var read = await file.ReadAsync(buffer, cancel);
                read > 0 && memory.Length <= MostManifestBytes;
                read = await file.ReadAsync(buffer, cancel))
            {
                memory.Write(buffer, 0, read);
            }

            if (memory.Length <= MostManifestBytes)
            {
                return memory.ToArray();
            }

            mistakes.Add("--manifest is far longer than a list of files.", "Give the _manifest.json that stands in the table's folder of the lake.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"--manifest can't be read: {error.Message}");
        }

        return null;
    }
}
