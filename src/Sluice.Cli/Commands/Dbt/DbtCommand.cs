using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Cli.Pipelines;
using Sluice.Destinations;
using Sluice.Destinations.Dbt;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice dbt init</c>: a package for dbt, of the tables that are there.</summary>
internal sealed class DbtCommand
{
    private const string DefaultFolder = "customerio_dbt";

    private readonly Argument<string?> _folder = new("FOLDER")
    {
        Description = $"Where the package goes [default: {DefaultFolder}]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly DestinationOptions _destination = new(
        "The destination that Sluice loads, as ingest was told; its tables are looked at [default: the pipeline file's only one, else "
            + "duckdb:///sluice.duckdb if it is there]");

    private readonly Option<string?> _entry = Flag.Text("--entry", "NAME", "A sync or destination of the pipeline file");

    private readonly PipelineFileOption _file = new();
    private readonly Option<string?> _schema = Flag.Text("--dest-schema", "SCHEMA", "The schema of the tables [default: customerio]");
    private readonly Option<string?> _dialect = Flag.Text(
        "--dialect",
        string.Join('|', DbtPackage.Dialects),
        "The database that dbt is to work in; without an address nothing is connected to, and the package has all tables of the catalog "
            + "[default: that of the address, else duckdb]");

    private readonly Option<string[]> _tables = Flag.Several(
        "--source-table", "TABLE", "Only these tables, as ingest was told, repeated or with commas [default: those that are there]");

    private readonly Option<bool> _force = Flag.Switch("--force", "Overwrite files that are not as Sluice wrote them");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new Command("dbt", "Write a package for dbt");
        var init = new DocumentedCommand(
            "init",
            "Write a package for dbt: sources with descriptions, freshness and data tests, staging models, and what 'sluice models' makes as marts",
            """
            For example: sluice dbt init --dest-uri duckdb:///crm.duckdb
                         sluice dbt init analytics/customerio --dialect snowflake --source-table campaigns,messages,customers
            """);
        init.Add(_folder);
        _destination.AddTo(init);
        init.Add(_entry);
        _file.AddTo(init);
        foreach (var option in new Option[] { _schema, _dialect, _tables, _force })
        {
            init.Add(option);
        }

        CommandRun.Action(init, host, log, RunAsync);
        command.Add(init);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var (uri, schema) = Place(run, mistakes);
        var dialect = Dialect(run, uri, mistakes);
        var names = run.Flags.List(_tables);
        var chosen = names.Count == 0 ? null : TableList.Read(string.Join(',', names), mistakes);
        mistakes.ThrowIfAny();
        var found = uri is null
            ? DbtPackage.Catalog(dialect, schema, chosen ?? TableList.Read(TableList.All, mistakes))
            : await FindAsync(uri, schema, dialect, chosen, run.Cancel);
        var place = run.Flags.Argument(_folder) is { Length: > 0 } said ? said : DefaultFolder;
        var folder = Path.GetFullPath(Path.Combine(run.Host.Folder, place));
        var package = DbtPackage.Of(dialect, found, uri is null ? null : FileFrom(folder, uri));
        var written = await new DbtFolder(folder, place).WriteAsync(package.Files, run.Flags.IsOn(_force), run.Cancel);
        run.HasChanged = written.Any;
        ModelView.Explain(package.Lacks, run.Messages);
        foreach (var name in package.LeftOut)
        {
            run.Messages.Info($"{name} is left out: dbt would take its name for a template.");
        }

        await SayAsync(place, dialect, package, written, run);
        return ExitCode.Done;
    }

    private (string? Uri, string Schema) Place(CommandRun run, ValidationErrors mistakes)
    {
        var entry = run.Flags.Text(_entry);
        var isNamed = _destination.IsSaid(run.Flags) || (entry is null && run.Flags.Text(_dialect) is not null);
        var place = isNamed ? null : PipelinePlace.Find(_file, entry, run);
        if (!isNamed && entry is not null && place?.Destination is null)
        {
            mistakes.Add(
                $"{_file.Name(run.Flags)} has no sync or destination '{entry}'.", "'sluice validate' lists them; --file names another file.");
        }
        else if (place is { Destination: null, Destinations: { Count: > 1 } several })
        {
            mistakes.Add($"{place.Name} has {several.Count} destinations.", $"Name one with --entry: {string.Join(", ", several)}.");
        }

        var schema = DestinationName.Schema(run.Flags.Text(_schema) ?? place?.Schema, mistakes);
        var address = place?.Destination is not null ? place.Address(mistakes)
            : _destination.IsSaid(run.Flags) ? _destination.Read(run, mistakes).Uri
            : isNamed || mistakes.Any || DestinationFile.IsMissing(_destination.Read(run, mistakes).Uri) ? null
            : _destination.Read(run, mistakes).Uri;
        return (address, schema);
    }

    // A database is its own dialect; files have none, and the one that reads them must be told.
    private string Dialect(CommandRun run, string? uri, ValidationErrors mistakes)
    {
        var isSaid = run.Flags.Text(_dialect) is not null;
        var said = run.Flags.Word(_dialect, DbtPackage.Dialects, mistakes);
        if (uri is null || mistakes.Any)
        {
            return said;
        }

        if (DbtPackage.DialectOf(uri) is { } own)
        {
            if (isSaid && own != said)
            {
                mistakes.Add(
                    $"--dialect is {said}, and the destination is {DbtPackage.TitleOf(own)}.",
                    "Leave one of the two out: without an address the package has all tables.");
            }

            return own;
        }

        if (DestinationRegistry.IsDatabase(uri))
        {
            mistakes.Add(
                "A package for dbt can't be written for this database.", $"There are packages for {string.Join(", ", DbtPackage.Dialects)}.");
        }
        else if (!DbtPackage.LakeDialects.Contains(said, StringComparer.Ordinal))
        {
            mistakes.Add(
                "dbt works in a database, and the destination is files.",
                $"--dialect names the one that reads them: {string.Join(", ", DbtPackage.LakeDialects)}. 'sluice ddl' prints how it does.");
        }

        return said;
    }

    private static async Task<FoundTables> FindAsync(
        string uri, string schema, string dialect, IReadOnlyList<TableName>? chosen, CancellationToken cancel)
    {
        await using var destination = await DestinationArgument.OpenAsync(uri, cancel);
        var found = destination.Models(schema) is { } models
            ? await models.FindTablesAsync(cancel)
            : DbtPackage.Catalog(dialect, schema, await InLakeAsync(destination, schema, cancel));
        var wanted = chosen?.Select(table => table.ToString()).ToHashSet(StringComparer.Ordinal);
        var tables = found.Tables.Where(table => wanted?.Contains(table.Source) != false).ToList();
        return tables.Count > 0
            ? found with { Tables = tables }
            : throw new SluiceException(
                SluiceErrorKind.Config,
                $"There is no table of Customer.io{(chosen is null ? "" : " of that name")} in {destination.Name}, schema {schema}.",
                "'sluice ingest' loads them; --dest-schema names another schema.");
    }

    private static async Task<IReadOnlyList<TableName>> InLakeAsync(IDestination destination, string schema, CancellationToken cancel)
    {
        var loaded = await destination.SystemTables(schema).ReadLoadedAsync(cancel);
        return
        [
            .. loaded.Where(table => table.IsThere)
                .Select(table => TableName.TryParse(table.Source, ResourceCatalog.Default, out var name, out _) ? name : null)
                .OfType<TableName>()
                .Distinct(),
        ];
    }

    // dbt reads a path from the folder that it is started in, which is the package's.
    private static string? FileFrom(string folder, string uri) =>
        DestinationRegistry.FileOf(uri) is { } file ? Path.GetRelativePath(folder, file).Replace('\\', '/') : null;

    private static async Task SayAsync(string place, string dialect, DbtPackage package, DbtFolderChanges changes, CommandRun run)
    {
        var text = $"""
            {place}: a package for dbt and {DbtPackage.TitleOf(dialect)}
            {PipelineText.Count(package.Sources, "source")} with staging models, {PipelineText.Count(package.Marts, "mart")}; {changes}
            Then: pip install dbt-core {DbtPackage.AdapterOf(dialect)}
                  cd {place}
                  cp profiles.example.yml profiles.yml   # and fill it in
                  dbt build

            """;
        await run.Host.Out.WriteAsync(text.ReplaceLineEndings("\n"));
    }
}
