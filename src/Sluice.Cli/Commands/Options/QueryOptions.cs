using System.CommandLine;
using Sluice.Cli.Output.Results;
using Sluice.Engine;
using Sluice.Settings;
using Sluice.Sql;

namespace Sluice.Cli.Commands;

/// <summary>The options of queries.</summary>
/// <param name="isOfShell">Whether statements come one by one, so that no file is named for them or for their rows.</param>
internal sealed class QueryOptions(bool isOfShell = false)
{
    public static readonly string[] Formats = ["table", "csv", "json", "jsonl", "markdown", "box"];
    private static readonly string[] ProgressWords = ["auto", "plain", "none"];

    private readonly Option<string?> _file = Flag.Text("--sql-file", "FILE", "Read the query from a file");
    private readonly Option<string[]> _parameters = Flag.Several(
        "--param", "NAME=VALUE", "A value for $NAME or :NAME, a number, true, false, null or text; 1=VALUE is for the first ? and so on");

    private readonly Option<string?> _format = Flag.Text("--format", string.Join('|', Formats), "How rows are written to stdout [default: table]");
    private readonly Option<string?> _output = Flag.Text(
        "--output", "FILE", "Write the rows into a file, by its ending: .csv, .json, .jsonl or .parquet");

    private readonly Option<string[]> _attach = Flag.Several(
        "--attach", "FILE", "A DuckDB file to read beside the live tables, under the name of the file: crm.duckdb has crm.customerio.campaigns");

    private readonly Option<string?> _most = Flag.Text(
        "--max-requests", "COUNT", "Requests that a query may take; one that needs more stops before it spends them [default: 1000]");

    private readonly Option<string?> _cache = Flag.Text(
        "--cache", "TIME", "How long rows that were fetched serve later queries, such as 1h; 0s keeps none [default: 5m]");

    private readonly Option<bool> _fresh = Flag.Switch("--fresh", "Ask anew, whatever earlier queries have fetched");

    private readonly Option<string?> _progress = Flag.Text(
        "--progress", string.Join('|', ProgressWords), "Progress on stderr, a line every few seconds [default: auto]");

    public void AddTo(Command command)
    {
        _file.Aliases.Add("-f");
        _output.Aliases.Add("-o");
        var all = new Option[] { _file, _parameters, _format, _output, _attach, _most, _cache, _fresh, _progress };
        foreach (var option in isOfShell ? all.Except([_file, _output]) : all)
        {
            command.Add(option);
        }
    }

    /// <summary>Where queries keep what they have fetched from a workspace.</summary>
    public static string CacheFolder(CommandRun run, SourceAddress source) =>
        source.QueryCacheIn(Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder));

    /// <summary>What was said.</summary>
    public QuerySettings Read(CommandRun run, ValidationErrors mistakes)
    {
        var file = isOfShell ? null : run.Flags.Text(_output);
        var standard = new SqlOptions();
        return new QuerySettings
        {
            Format = run.Flags.Word(_format, Formats, mistakes),
            Output = file is null ? null : OutputFile.Read(Path.Combine(run.Host.Folder, file), mistakes),
            Parameters = Parameters(run, mistakes),
            ShowsProgress = run.Flags.Word(_progress, ProgressWords, mistakes) != "none",
            Options = standard with
            {
                Attached = Attached(run, mistakes),
                MostRequests = run.Flags.Whole(_most, 1, int.MaxValue, mistakes) ?? standard.MostRequests,
                CacheLifetime = DurationText.Read("--cache", run.Flags.Text(_cache), mistakes) ?? standard.CacheLifetime,
                IsFresh = run.Flags.IsOn(_fresh),
            },
        };
    }

    /// <summary>The statements: from the argument, a file or stdin.</summary>
    public async Task<string?> ScriptAsync(string? argument, CommandRun run, ValidationErrors mistakes)
    {
        var file = run.Flags.Text(_file);
        if (file is not null && argument is not null)
        {
            mistakes.Add("A query and a file with one can't be given together.", "Leave out one of them.");
            return null;
        }

        if (file is null && argument is null)
        {
            mistakes.Add("There is no query.", "For example: sluice query \"SELECT id, name FROM campaigns\"");
            return null;
        }

        return argument == "-" || file == "-" ? await run.Host.In().ReadToEndAsync(run.Cancel)
            : file is null ? argument
            : await ReadAsync(Path.Combine(run.Host.Folder, file), file, mistakes, run.Cancel);
    }

    private static async Task<string?> ReadAsync(string path, string name, ValidationErrors mistakes, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"The file {name} can't be read: {error.Message}");
            return null;
        }
    }

    private Dictionary<string, string?> Parameters(CommandRun run, ValidationErrors mistakes)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var said in run.Flags.List(_parameters))
        {
            var equals = said.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                mistakes.Add($"--param '{said}' has no name and value.", "Write it like --param id=5.");
                continue;
            }

            var name = said[..equals].TrimStart('$', ':');
            if (!values.TryAdd(name, said[(equals + 1)..]))
            {
                mistakes.Add($"--param {name} is given twice.", "A parameter has one value: leave out one of them.");
            }
        }

        return values;
    }

    private Dictionary<string, string> Attached(CommandRun run, ValidationErrors mistakes)
    {
        var files = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in run.Flags.List(_attach))
        {
            if (!files.TryAdd(Path.GetFileNameWithoutExtension(file), Path.Combine(run.Host.Folder, file)))
            {
                mistakes.Add($"Two attached files have the name {Path.GetFileNameWithoutExtension(file)}.", "Rename one of them.");
            }
        }

        return files;
    }
}

/// <summary>What was said of queries.</summary>
internal sealed record QuerySettings
{
    public required string Format { get; init; }

    /// <summary>Whether EXPLAIN writes JSON.</summary>
    public bool IsJson { get; init; }

    public OutputFile? Output { get; init; }

    public required IReadOnlyDictionary<string, string?> Parameters { get; init; }

    public required SqlOptions Options { get; init; }

    public bool ShowsProgress { get; init; }
}
